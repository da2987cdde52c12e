import { cleanUpKind, type CleanupRun } from './clean-up-kind';
import type { Kind, Volumes } from './ports';
import type { Resource } from './resource';
import type { Volume } from './volume';
import { expireSnapshots, volumeKind } from './volume-kind';

export interface RegionRun extends CleanupRun {
  readonly volumes: Volumes;
  readonly snapshotMilliseconds: number;
  /** Kinds beside the volumes, which can depend on those that there are. */
  readonly otherKinds: (volumes: readonly Volume[]) => readonly Kind<Resource>[];
}

/** One run over all kinds of a region. Returns what failed: one kind does not keep the others from their turn. */
export async function cleanUpRegion(run: RegionRun): Promise<string[]> {
  const failed: string[] = [];
  const attempt = async (what: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      failed.push(`${run.region} ${what}: ${error instanceof Error ? error.name : String(error)}`);
    }
  };
  await attempt('volumes', async () => {
    const records = await run.records.ofRegion(run.region);
    const listed: Volume[] = [];
    for await (const volume of run.volumes.list()) listed.push(volume);
    for (const kind of [volumeKind(run, listed), ...run.otherKinds(listed)])
      await attempt(kind.prefix, () => cleanUpKind(run, kind, records));
    await attempt('snapshots', () => expireSnapshots(run, records, run.snapshotMilliseconds));
  });
  return failed;
}
