import type { Assembly } from '../localize/assembly';
import { startDatabase, type DatabaseEnvironment, type LocalDatabase } from './local-database';
import { readRequiredDatabase } from './required-database';

/** The run's current database, one at a time: later deployments may need another engine. */
export class Databases {
  current: LocalDatabase | undefined;

  constructor(private readonly environment: DatabaseEnvironment) {}

  /** Starts the database that the stacks need unless it is running; returns undefined if they need none. */
  async provide(assembly: Assembly, stackIds: readonly string[]): Promise<LocalDatabase | undefined> {
    const required = readRequiredDatabase(assembly, stackIds);
    if (required === undefined) return undefined;
    if (this.current?.required.engine === required.engine) {
      if (JSON.stringify(this.current.required) === JSON.stringify(required)) return this.current;
      throw new Error('a variant needs the same engine with other limits: run it separately with --set');
    }
    await this.current?.stop();
    this.current = await startDatabase(required, this.environment);
    return this.current;
  }
}
