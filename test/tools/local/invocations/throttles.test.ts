import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { readThrottles } from '../../../../tools/local/invocations/throttles';

function answering(send: (command: { readonly input: object }) => Promise<object>): CloudWatchClient {
  return Object.assign(new CloudWatchClient({ region: 'us-east-1' }), { send });
}

test('throttled invocations are summed by the physical name of the function', async () => {
  const client = answering(({ input }) => {
    if ('StartTime' in input) return Promise.resolve({ Datapoints: [{ Sum: 2 }, { Sum: 3 }] });
    const Dimensions = [{ Name: 'FunctionName', Value: 'Photos-Resize-X' }];
    return Promise.resolve({ Metrics: [{ Dimensions }, { Dimensions: [] }] });
  });
  expect(await readThrottles(client, 0)).toEqual(new Map([['Photos-Resize-X', 5]]));
});

test('an emulator that has ended leaves the counts out', async () => {
  const client = answering(() => Promise.reject(new Error('ECONNREFUSED')));
  expect(await readThrottles(client, 0)).toEqual(new Map());
});
