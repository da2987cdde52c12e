import { copyBatch, type CopyItem } from '../../../lambda/scheduled-backup/copy-batch';
import { completeBackup } from '../../../lambda/scheduled-backup/completion';
import { assembleManifest, type Assembly } from '../../../lambda/scheduled-backup/manifest-assembly';
import { pruneBackups } from '../../../lambda/scheduled-backup/pruning';
import { reportRestore } from '../../../lambda/scheduled-backup/restore-report';
import { partsPrefix } from '../../../lambda/scheduled-backup/manifest';
import { verifyPart } from '../../../lambda/scheduled-backup/verification';
import { day, entryOf, GeneratedS3, run, type Sizes } from './generated-s3';
import { VirtualClock } from './virtual-clock';

export interface Simulated extends Sizes {
  /** Batches or parts at once. */
  readonly concurrency: number;
  readonly objectsAtOnce: number;
}

/** Step of a run, with its invocations, its time on the clock, and its requests by operation. */
export interface SimulatedStep {
  readonly step: 'copy' | 'write' | 'verify' | 'complete' | 'prune' | 'report a restore';
  readonly invocations: number;
  readonly seconds: number;
  readonly requests: Readonly<Record<string, number>>;
}

export interface SimulatedRun {
  readonly steps: readonly SimulatedStep[];
  /** Events in the history of the backup's execution. */
  readonly events: number;
  /** Most entries in memory at once. */
  readonly mostHeld: number;
  /** Bytes of the longest part of the manifest. */
  readonly longestPart: number;
}

/** Seconds of an invocation in which work is begun: three quarters of 15 minutes. */
const workSeconds = 675;
/** Assumed milliseconds between the states around an invocation. */
const invocationMilliseconds = 200;

const { signal } = new AbortController();
const started = { run, day, scheduledTime: '', startedAt: '2026-11-21T04:00:00Z', resumed: false, verifyOnly: false };

/**
 * Runs every step of a backup of so many objects on generated buckets. The steps that go through all objects do so in full; of the
 * batches and parts, which are alike, one of each is run.
 *
 * @param onWrite called before each write
 */
export async function simulate(sizes: Simulated, onWrite?: () => void): Promise<SimulatedRun> {
  const clock = new VirtualClock();
  const s3 = new GeneratedS3(sizes, clock, onWrite);
  const { client } = s3;
  const [backup, journal] = ['backup', 'journal'].map((bucket) => ({ client, signal, bucket })) as [Store, Store];
  const limits = {
    timeLimit: { hasTimeLeft: () => true, signal, recordSignal: signal },
    concurrency: sizes.objectsAtOnce,
  };

  /** @param times that the step is run in a map, of which one is simulated */
  const measure = async (
    step: SimulatedStep['step'],
    work: (hasTimeLeft: () => boolean) => Promise<{ readonly hasMore: boolean }>,
    times = 1,
  ): Promise<SimulatedStep> => {
    s3.requests.clear();
    const began = clock.now;
    let invocations = 0;
    for (let hasMore = true; hasMore; invocations++) {
      await clock.wait(invocationMilliseconds);
      const end = clock.now + workSeconds * 1_000;
      ({ hasMore } = await work(() => clock.now < end));
    }
    const requests = [...s3.requests].map(([operation, number]) => [operation, number * times] as const);
    const seconds = ((clock.now - began) / 1_000) * Math.ceil(times / (times > 1 ? sizes.concurrency : 1));
    return { step, invocations: invocations * times, seconds, requests: Object.fromEntries(requests) };
  };
  const once = { hasMore: false };
  const target = {
    s3: { client, signal },
    sourceBucket: 'source',
    backupBucket: 'backup',
    multipartThresholdBytes: 1e9,
  };
  const item = (index: number): CopyItem => ({ day, run, key: entryOf(index).key, size: 1, mayExist: false });
  const items = Array.from({ length: sizes.batchItems }, (_, index) => item(index));
  const entries = Array.from({ length: sizes.partEntries }, (_, index) => entryOf(index));
  const now = () => new Date('2026-11-21T09:00:00Z');

  const copied = await measure(
    'copy',
    async () => {
      const dependencies = { ...target, ...limits, journal, now: () => clock.now, onFailed: () => undefined };
      await copyBatch({ items: items as [CopyItem, ...CopyItem[]] }, dependencies);
      return once;
    },
    s3.batches,
  );
  s3.longestText = 0;
  let assembly: Assembly | undefined;
  const written = await measure('write', async (hasTimeLeft) => {
    const progress = {
      ...started,
      partsPrefix: partsPrefix(day, run),
      ...(assembly === undefined ? {} : { assembly }),
    };
    assembly = await assembleManifest(progress, { journal, backup, partEntries: sizes.partEntries, hasTimeLeft });
    return assembly;
  });
  const { longestText: longestPart } = s3;
  const verified = await measure(
    'verify',
    async () => {
      const onBusy = (error: Error): never => {
        throw error;
      };
      await verifyPart(day, entries, { s3: { client, signal }, backupBucket: 'backup', onBusy, ...limits });
      return once;
    },
    s3.parts,
  );
  const completed = await measure('complete', async () => {
    const progress = {
      ...started,
      partsPrefix: partsPrefix(day, run),
      ...(assembly === undefined ? {} : { assembly }),
    };
    await completeBackup(progress, { journal, backup, sourceBucket: 'source', now });
    return once;
  });
  const pruned = await measure('prune', (hasTimeLeft) => pruneBackups({ backup, retentionDays: 35, now, hasTimeLeft }));
  const reported = await measure('report a restore', async () => {
    const restore = { prefix: '', targetBucket: 'source', dryRun: false, overwrite: false, empty: false };
    const of = { day, run, startedAt: started.startedAt, partsPrefix: '', backupStatus: 'complete' as const };
    await reportRestore({ ...of, ...restore, parts: s3.parts }, { journal, now });
    return once;
  });
  return {
    steps: [copied, written, verified, completed, pruned, reported],
    events: eventsOf(written.invocations + pruned.invocations),
    mostHeld: s3.mostHeld,
    longestPart,
  };
}

type Store = Parameters<typeof reportRestore>[1]['journal'];

/**
 * Events of an execution: five for each task and two for the choice behind it, four for each of the two maps, seven for the message
 * and the end, two for the execution. The children of a map have histories of their own.
 */
function eventsOf(repeatedTasks: number): number {
  const [taskAndChoice, map, messageAndEnd, execution] = [7, 4, 7, 2];
  return 2 * taskAndChoice + repeatedTasks * taskAndChoice + 2 * map + messageAndEnd + execution;
}
