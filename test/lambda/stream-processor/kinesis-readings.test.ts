import { putReadings } from '../../../lambda/stream-processor/adapters/kinesis-readings';
import { aReading } from './readings';

const refused = { ErrorCode: 'ProvisionedThroughputExceededException' };

async function put(answers: readonly object[][], attempts: number) {
  const sent: string[][] = [];
  const client = {
    send: ({ input }: { input: { Records: { Data: Buffer }[] } }) => {
      sent.push(input.Records.map(({ Data }) => (JSON.parse(Data.toString()) as { readingId: string }).readingId));
      return Promise.resolve({ Records: answers[sent.length - 1] });
    },
  };
  let left = attempts;
  const retryPolicy = {
    hasTimeLeft: () => left-- > 0,
    pause: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  const readings = ['1', '2', '3'].map((readingId) => aReading({ readingId }));
  const done = putReadings({ client: client as never, streamName: 'readings', retryPolicy }, readings);
  return { sent, done };
}

it('only the entries that were refused are sent again', async () => {
  const { sent, done } = await put([[refused, {}, refused], [{}, refused], [{}]], 5);
  await done;
  expect(sent).toEqual([['1', '2', '3'], ['1', '3'], ['3']]);
});

it('entries that are still refused when the time is up are an error', async () => {
  const { done } = await put([[{}, refused, refused]], 0);
  await expect(done).rejects.toThrow('2 of 3 readings: ProvisionedThroughputExceededException');
});
