/** Takes one file through one contestant, and sends the time and the largest memory of this process. */
import { performance } from 'node:perf_hooks';
import { badRowsOf } from './generated-file';
import { runFile } from './ours';
import type { Sample } from './sample';
import { loadWholeFile } from './whole-file';

/** Bytes that are in use once garbage is collected; without `--expose-gc`, 0. */
function liveBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) return 0;
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

let live = 0;
const measureLive = (): void => {
  live = Math.max(live, liveBytes());
};

void (async () => {
  const [who, count, answerText] = process.argv.slice(2) as [Sample['who'], string, string];
  const [rows, answer] = [Number(count), Number(answerText)];
  const started = performance.now();
  const done = await run(who, rows, answer);
  const seconds = (performance.now() - started) / 1_000;
  // In kilobytes, of the whole process: https://nodejs.org/api/process.html#processresourceusage
  const megabytes = process.resourceUsage().maxRSS / 1_024;
  const sample: Sample = { who, rows, answer, seconds, megabytes, liveMegabytes: live / 1e6, ...done };
  process.send?.(sample, () => process.disconnect());
})();

async function run(who: Sample['who'], rows: number, answer: number) {
  if (who === 'whole file') {
    await loadWholeFile(rows, answer, measureLive);
    return { parts: 0, fileMegabytes: 0 };
  }
  const done = await runFile({ rows, answer, load: who === 'load', afterChunk: measureLive });
  const expected =
    who === 'load' ? { rejected: badRowsOf(rows), loaded: rows - badRowsOf(rows) } : { rejected: 0, loaded: 0 };
  if (done.rows !== rows || done.rejected !== expected.rejected || done.loaded !== expected.loaded) {
    throw new Error(`expected ${rows} rows and ${JSON.stringify(expected)}, got ${JSON.stringify(done)}`);
  }
  return { parts: done.parts, fileMegabytes: done.megabytes };
}
