import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './batch-answer';
import { Checkpoints } from './checkpoints';
import { deliverBatch, type Discarded } from './deliver-batch';
import type { FailureContext } from './failure-record';
import type { StreamMapping } from './mapping';
import { readableShards } from './shard-lineage';
import { readShard } from './shard-reader';
import type { StreamRecord, StreamSource } from './stream-source';

export interface PollerDependencies {
  readonly source: StreamSource;
  readonly invoke: (functionArn: string, event: object) => Promise<Answer>;
  readonly discard: (discarded: Discarded, context: FailureContext) => Promise<void>;
  /** Folder of the checkpoints. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

const shardsEveryMilliseconds = 500;
/** Longest pause before a batch that failed is invoked again; the first is a 32nd of it. AWS documents no spacing. */
const longestPauseMilliseconds = 1_000;

/** Reads the stream of a mapping and invokes its function, until it is stopped. */
export class MappingPoller {
  private readonly stopping = new AbortController();
  private readonly reading = new Set<string>();
  private readonly checkpoints: Checkpoints;
  readonly done: Promise<void>;

  constructor(
    readonly mapping: StreamMapping,
    private readonly dependencies: PollerDependencies,
  ) {
    this.checkpoints = new Checkpoints(dependencies.folder, mapping.uuid);
    this.done = this.run();
  }

  /** Stops at once, like a crash: what is being processed is delivered again by the next poller of the mapping. */
  stop(): void {
    this.stopping.abort();
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    const { source, log } = this.dependencies;
    while (!this.isStopped) {
      try {
        const state = {
          isReading: (id: string): boolean => this.reading.has(id),
          isFinished: (id: string): boolean => this.checkpoints.of(id).isFinished === true,
        };
        for (const { id } of readableShards(await source.shards(), state)) void this.read(id);
      } catch (error) {
        log(`${this.mapping.streamArn}: ${String(error)}`);
      }
      await this.sleep(shardsEveryMilliseconds);
    }
  }

  private async read(shardId: string): Promise<void> {
    const { mapping, checkpoints } = this;
    this.reading.add(shardId);
    try {
      const isFinished = await readShard({
        source: this.dependencies.source,
        mapping,
        shardId,
        after: checkpoints.of(shardId).after,
        deliver: (records) => this.deliver(shardId, records),
        saveCheckpoint: (after) => checkpoints.save(shardId, { after }),
        now: this.dependencies.now,
        sleep: (milliseconds) => this.sleep(milliseconds),
        isStopped: () => this.isStopped,
      });
      if (isFinished) checkpoints.save(shardId, { isFinished });
    } catch (error) {
      // The next look at the shards starts again from the checkpoint.
      if (!this.isStopped) this.dependencies.log(`${shardId}: ${String(error)}`);
    } finally {
      this.reading.delete(shardId);
    }
  }

  private deliver(shardId: string, records: readonly StreamRecord[]): Promise<void> {
    const { mapping, dependencies } = this;
    return deliverBatch(records, {
      mapping,
      invoke: async (batch) => {
        this.stopping.signal.throwIfAborted();
        const answer = await dependencies.invoke(mapping.functionArn, { Records: batch.map(({ event }) => event) });
        this.stopping.signal.throwIfAborted();
        return answer;
      },
      discard: (discarded) => dependencies.discard(discarded, { mapping, shardId, now: new Date() }),
      now: dependencies.now,
      pause: (failures) =>
        this.sleep(Math.min(longestPauseMilliseconds, (longestPauseMilliseconds / 32) * 2 ** (failures - 1))),
    });
  }

  private async sleep(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
