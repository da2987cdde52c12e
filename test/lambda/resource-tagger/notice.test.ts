import { parseCreationEvent } from '../../../lambda/resource-tagger/creation-event';
import { lineOf, noticeOf } from '../../../lambda/resource-tagger/notice';
import type { TaggedResource } from '../../../lambda/resource-tagger/tagging';
import { anEvent } from './creation-events';

const event = parseCreationEvent(JSON.stringify(anEvent()));
const volume = (id: string): TaggedResource => ({
  arn: `arn:aws:ec2:eu-west-1:111122223333:volume/${id}`,
  outcome: 'tagged',
  lacks: [],
});

it('a notice says what was created, where and by whom', () => {
  const notice = noticeOf(event, [volume('vol-1'), volume('vol-2'), volume('vol-3')]);
  expect(notice && lineOf(notice)).toBe('EC2 volume in eu-west-1: vol-1, vol-2 and 1 more, by role/Developer/dana');
});

it('a notice names what was not tagged and what lacks a required tag', () => {
  const notice = noticeOf(event, [
    { ...volume('vol-1'), outcome: 'refused', reason: 'tag limit' },
    { ...volume('vol-2'), lacks: ['team'] },
  ]);
  expect(notice && lineOf(notice)).toContain('; 1 not tagged (tag limit), 1 without team');
});

it('a backfill, a resource that is gone and a second look without trouble are no news', () => {
  expect(noticeOf({ ...event, notify: false }, [volume('vol-1')])).toBeUndefined();
  expect(noticeOf(event, [{ ...volume('vol-1'), outcome: 'gone' }])).toBeUndefined();
  expect(noticeOf({ ...event, isSecondLook: true }, [volume('vol-1')])).toBeUndefined();
  const refused = { ...volume('vol-1'), outcome: 'refused', reason: 'tag policy' } as const;
  expect(noticeOf({ ...event, isSecondLook: true }, [refused])?.id).toBe('event-1/again');
});

it('a line has no line breaks or direction marks, and a length', () => {
  const creator = `user/\u202eevil\n${'x'.repeat(10_000)}`;
  const notice = noticeOf({ ...event, creator, via: 'y'.repeat(10_000) }, [
    volume('z'.repeat(10_000)),
    volume('w'.repeat(999)),
  ]);
  const line = notice ? lineOf(notice) : '';
  expect(line).not.toMatch(/[\u202e\n]/u);
  expect(line.length).toBeLessThanOrEqual(400);
});
