import { readOptions, reshard } from '../../../operations/stream-processor/reshard-command';

/** Stream that changes its shards at once. */
async function reshardFrom(shards: number, to: number, StreamMode = 'PROVISIONED') {
  let open = shards;
  const targets: number[] = [];
  const client = {
    send: ({ input }: { input: { TargetShardCount?: number } }) => {
      if (input.TargetShardCount !== undefined) targets.push((open = input.TargetShardCount));
      const StreamDescriptionSummary = {
        StreamStatus: 'ACTIVE',
        OpenShardCount: open,
        StreamModeDetails: { StreamMode },
      };
      return Promise.resolve({ StreamDescriptionSummary });
    },
  };
  const resharding = {
    client: client as never,
    streamName: 'readings',
    wait: () => Promise.resolve(),
    say: () => undefined,
  };
  const code = await reshard(resharding, to);
  return { code, targets };
}

it.each([
  [1, 2, [2]],
  [1, 7, [2, 4, 7]],
  [8, 1, [4, 2, 1]],
  [3, 1, [2, 1]],
  [5, 5, []],
])('from %i to %i shards, each step doubles or halves at most', async (from, to, steps) => {
  expect(await reshardFrom(from, to)).toEqual({ code: 0, targets: steps });
});

it('a stream on demand is refused with what to do', async () => {
  await expect(reshardFrom(4, 2, 'ON_DEMAND')).rejects.toThrow('deploy with onDemand false first');
});

it.each([[[]], [['0']], [['2', '3']], [['two']]])('%j is wrong usage', (args) => {
  expect(() => readOptions(args)).toThrow('give a number of shards from 1 to 999');
});

it('the number of shards and the stage are read', () => {
  expect(readOptions(['4', '--stage', 'prod'])).toMatchObject({ shards: 4, stack: 'StreamProcessor-prod' });
});
