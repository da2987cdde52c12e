import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcesses } from '../child-processes';
import { resourcesOf, type Assembly } from '../localize/assembly';
import { isStreamMapping } from '../localize/stream-mappings';
import { tailOf } from '../log-file';
import type { Workspace } from '../workspace';
import { pollerReadinessFile, pollerReadinessSchema, type PollerOptions } from './poller-process';

const startWithinMilliseconds = 120_000;

export interface PollerEnvironment {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  /** Endpoint of the emulator. */
  readonly endpoint: string;
  readonly temporaryFolder: string;
}

/** The run's process that polls streams, started with the first stack that has a stream's event source mapping. */
export class StreamPollers {
  /** URL that takes orders to the poller. */
  control: string | undefined;

  constructor(private readonly environment: PollerEnvironment) {}

  async provide(assembly: Assembly, stackIds: readonly string[]): Promise<void> {
    const mappings = resourcesOf(assembly, 'AWS::Lambda::EventSourceMapping').filter(
      (placed) => stackIds.includes(placed.stack.id) && isStreamMapping(placed),
    );
    if (mappings.length > 0) this.control ??= await this.start();
  }

  private async start(): Promise<string> {
    const { workspace, children, endpoint, temporaryFolder } = this.environment;
    const folder = join(temporaryFolder, 'stream-poller');
    mkdirSync(folder, { recursive: true });
    const options: PollerOptions = { endpoint, certificate: workspace.certificate, folder };
    const file = `${folder}.json`;
    writeFileSync(file, JSON.stringify(options));
    rmSync(pollerReadinessFile(folder), { force: true });
    const log = workspace.log('stream-poller');
    const running = children.start({
      what: 'stream poller',
      file: process.execPath,
      arguments: ['--import', 'tsx', join('tools', 'local', 'stream-poller', 'serve.ts'), file],
      folder: workspace.root,
      environment: process.env,
      log,
    });
    const end = new AbortController();
    void running.ended.then(() => end.abort());
    const until = Date.now() + startWithinMilliseconds;
    while (Date.now() < until && !end.signal.aborted) {
      await sleep(50);
      if (!existsSync(pollerReadinessFile(folder))) continue;
      return pollerReadinessSchema.parse(JSON.parse(readFileSync(pollerReadinessFile(folder), 'utf8'))).control;
    }
    throw new Error(`the stream poller did not start. The end of ${log}:\n${tailOf(log)}`);
  }
}
