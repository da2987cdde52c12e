/** Measures each work in turn, in several rounds, and sends the samples. */
import { processShards, type Work } from './shards';

void (async () => {
  const [rounds, works] = JSON.parse(process.argv[2] ?? '[0,[]]') as [number, Work[]];
  // Connections, compilation.
  for (const who of ['ours', 'library'] as const) {
    await processShards({ who, shards: 1, records: 50, batchSize: 10, parallelization: 1, milliseconds: 1 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const work of round % 2 === 0 ? works : works.toReversed()) process.send?.(await processShards(work));
  }
  process.disconnect();
})();
