import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { scheduledBackupSettings } from '../../../lib/scheduled-backup/scheduled-backup-settings';
import { progress } from '../measuring/run-bench';
import { paragraphs, table } from '../measuring/section';
import { answerMilliseconds } from './generated-s3';
import { simulate, type SimulatedRun } from './simulation';

/** Simulates backups of so many objects with the default settings, and describes them. */
export async function atScale(sizes: readonly number[]): Promise<string> {
  const runs = [];
  for (const objects of sizes) {
    progress(`simulated backup of ${objects} objects`);
    runs.push({ objects, ...(await measured(objects)) });
  }
  const largest = runs.at(-1);
  return paragraphs(
    'A backup with the default settings, of generated objects in memory: the steps that go through all objects run in ' +
      `full, and one of the batches and parts. Each answer takes ${answerMilliseconds} ms of a clock that passes only while all work waits for it.`,
    table(
      [
        'objects',
        'hours by the clock',
        'processor, s',
        'largest heap, MB',
        'longest part, KB',
        'events of the execution',
      ],
      runs.map(({ objects, hours, processorSeconds, peakMegabytes, longestPart, events }) => [
        objects.toLocaleString('en'),
        hours,
        processorSeconds,
        peakMegabytes,
        longestPart / 1_000,
        events,
      ]),
    ),
    `The steps of the largest (${largest?.objects.toLocaleString('en')} objects):`,
    table(
      ['step', 'hours by the clock', 'invocations', 'requests'],
      (largest?.steps ?? []).map(({ step, seconds, invocations, requests }) => [
        step,
        seconds / 3_600,
        invocations.toLocaleString('en'),
        Object.entries(requests)
          .map(([operation, number]) => `${number.toLocaleString('en')} ${operation}`)
          .join(', '),
      ]),
    ),
  );
}

interface Measured extends SimulatedRun {
  /** Without the report of a restore, which is no step of a backup. */
  readonly hours: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
}

async function measured(objects: number): Promise<Measured> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const settings = scheduledBackupSettings.parse({});
  const sizes = { ...settings, objects, concurrency: settings.maximumConcurrency };
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  let peak = 0;
  let writes = 0;
  const onWrite = (): void => {
    // Collecting garbage takes longer than all else: not before each write.
    if (writes++ % 100 !== 0) return;
    collectGarbage();
    peak = Math.max(peak, process.memoryUsage().heapUsed - before);
  };
  const start = process.cpuUsage();
  const run = await simulate(sizes, onWrite);
  const { user, system } = process.cpuUsage(start);
  const seconds = run.steps.filter(({ step }) => step !== 'report a restore').map((step) => step.seconds);
  return {
    ...run,
    hours: seconds.reduce((sum, one) => sum + one, 0) / 3_600,
    processorSeconds: (user + system) / 1e6,
    peakMegabytes: peak / 1024 ** 2,
  };
}
