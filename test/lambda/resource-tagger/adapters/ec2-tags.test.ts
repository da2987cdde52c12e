import { EC2Client, type CreateTagsCommandInput } from '@aws-sdk/client-ec2';
import { ec2Tags } from '../../../../lambda/resource-tagger/adapters/ec2-tags';

const arn = (id: string) => `arn:aws:ec2:eu-west-1:111122223333:volume/${id}`;
const { signal } = new AbortController();

/** Client whose calls are answered here. */
function clientOf(answer: (input: CreateTagsCommandInput) => object): EC2Client {
  const send = ({ input }: { input: unknown }): Promise<object> =>
    Promise.resolve().then(() => answer(input as CreateTagsCommandInput));
  return Object.assign(new EC2Client({ region: 'eu-west-1' }), { send });
}
const named = (name: string) => Object.assign(new Error(name), { name });

it('one resource that is refused does not keep the others from their tags', async () => {
  const tagged = new Set<string>();
  const client = clientOf(({ Resources = [] }) => {
    if (Resources.includes('vol-2')) throw named('InvalidVolume.NotFound');
    for (const id of Resources) tagged.add(id);
    return {};
  });
  const failures = await ec2Tags(client, signal).write(['vol-1', 'vol-2', 'vol-3'].map(arn), { by: 'me' });
  expect(failures).toEqual([{ arn: arn('vol-2'), name: 'InvalidVolume.NotFound', message: 'InvalidVolume.NotFound' }]);
  expect([...tagged]).toEqual(['vol-1', 'vol-3']);
});

it('throttling ends the work, which is tried again later', async () => {
  const client = clientOf(() => {
    throw named('RequestLimitExceeded');
  });
  await expect(ec2Tags(client, signal).write([arn('vol-1'), arn('vol-2')], { by: 'me' })).rejects.toThrow(
    'RequestLimit',
  );
});

it('tags are read by resource', async () => {
  const client = clientOf(() => ({
    Tags: [
      { ResourceId: 'vol-1', Key: 'a', Value: '1' },
      { ResourceId: 'vol-1', Key: 'b', Value: '2' },
    ],
  }));
  const tags = await ec2Tags(client, signal).read([arn('vol-1'), arn('vol-2')]);
  expect([...tags]).toEqual([[arn('vol-1'), { a: '1', b: '2' }]]);
});
