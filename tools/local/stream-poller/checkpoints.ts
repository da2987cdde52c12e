import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Progress in a shard: the last sequence number that was processed, and whether the shard is closed and finished. */
export interface ShardProgress {
  readonly after?: string;
  readonly isFinished?: boolean;
}

/** Progress of a mapping in its shards, in a file that survives a crash of the poller. */
export class Checkpoints {
  private readonly file: string;
  private readonly shards: Map<string, ShardProgress>;

  constructor(
    private readonly folder: string,
    mappingId: string,
  ) {
    this.file = join(folder, `${mappingId}.json`);
    const text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '{}';
    const saved = JSON.parse(text) as Readonly<Record<string, ShardProgress>>;
    this.shards = new Map(Object.entries(saved));
  }

  of(shardId: string): ShardProgress {
    return this.shards.get(shardId) ?? {};
  }

  save(shardId: string, progress: ShardProgress): void {
    this.shards.set(shardId, { ...this.of(shardId), ...progress });
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(Object.fromEntries(this.shards)));
    renameSync(`${this.file}.new`, this.file);
  }
}
