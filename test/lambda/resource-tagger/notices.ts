import type { Notice } from '../../../lambda/resource-tagger/notice';

/** Notice of one volume, or what is given. */
export function aNotice(id: string, more: Partial<Notice> = {}): Notice {
  return {
    id,
    time: '2026-11-02T10:20:30Z',
    creator: 'role/Developer/dana',
    type: 'EC2 volume',
    region: 'eu-west-1',
    resources: [`vol-${id}`],
    count: 1,
    refused: {},
    lacking: {},
    ...more,
  };
}
