import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { findUntagged } from '../../../operations/resource-tagger/untagged';

it('what lacks a tag is listed on all pages, with the tags that it lacks', async () => {
  const page = (...resources: readonly [arn: string, keys: readonly string[]][]) =>
    resources.map(([ResourceARN, keys]) => ({ ResourceARN, Tags: keys.map((Key) => ({ Key, Value: 'x' })) }));
  const pages = [page(['b', ['by']], ['c', ['by', 'team']]), page(['a\u001b[31m', []])];
  const send = ({ input }: { input: { PaginationToken?: string } }): Promise<object> => {
    const index = Number(input.PaginationToken ?? 0);
    const next = index + 1 < pages.length ? { PaginationToken: String(index + 1) } : {};
    return Promise.resolve({ ResourceTagMappingList: pages[index], ...next });
  };
  const client = Object.assign(new ResourceGroupsTaggingAPIClient({ region: 'eu-west-1' }), { send });
  expect(await findUntagged(client, ['by', 'team'])).toEqual({
    all: 3,
    untagged: [
      { arn: 'a?[31m', lacks: ['by', 'team'] },
      { arn: 'b', lacks: ['team'] },
    ],
  });
});
