import { EC2Client, type DescribeInstancesCommandInput } from '@aws-sdk/client-ec2';
import { withLaunchedInstances } from '../../../../lambda/resource-tagger/adapters/ec2-launches';
import { launchedInstances } from '../../../../lambda/resource-tagger/created-resources';
import { parseCreationEvent } from '../../../../lambda/resource-tagger/creation-event';
import { anEvent } from '../creation-events';

const { signal } = new AbortController();
const asked: DescribeInstancesCommandInput[] = [];
const reservation = (InstanceId: string) => ({ Instances: [{ InstanceId }] });

/** Client that knows two instances of any launch, in two pages. */
const client = Object.assign(new EC2Client({ region: 'eu-west-1' }), {
  send: ({ input }: { input: DescribeInstancesCommandInput }) => {
    asked.push({ ...input });
    const isFirst = input.NextToken === undefined;
    return Promise.resolve({
      Reservations: [reservation(isFirst ? 'i-1' : 'i-2')],
      ...(isFirst ? { NextToken: 'more' } : {}),
    });
  },
});
const launch = (call: object) => parseCreationEvent(JSON.stringify(anEvent({ eventName: 'RunInstances', ...call })));

beforeEach(() => asked.splice(0));

it('instances of a launch whose answer is left out are found by the client token of its request', async () => {
  const event = launch({ request: { clientToken: 'token-1' }, response: null });
  const found = await withLaunchedInstances(client, event, signal);
  expect(launchedInstances(found.call)).toEqual(['i-1', 'i-2']);
  expect(asked[0]?.Filters).toEqual([{ Name: 'client-token', Values: ['token-1'] }]);
  expect(found.kind.arns(found.call)).toHaveLength(2);
});

it.each([
  [
    'with its answer',
    { request: { clientToken: 'x' }, response: { instancesSet: { items: [{ instanceId: 'i-9' }] } } },
  ],
  ['without a token', { request: {}, response: null }],
  ['of another call', { eventName: 'CreateVolume', request: { clientToken: 'x' }, response: null }],
])('an event %s is not looked up', async (_, call) => {
  const event = launch(call);
  expect(await withLaunchedInstances(client, event, signal)).toBe(event);
  expect(asked).toEqual([]);
});
