import type { Assembly } from '../localize/assembly';
import { startDatabase, type DatabasePlace, type LocalDatabase } from './local-database';
import { wantedDatabase } from './wanted-database';

/** The one database that a run has at a time: stacks of later rounds may want another engine. */
export class Databases {
  current: LocalDatabase | undefined;

  constructor(private readonly place: DatabasePlace) {}

  /** Starts what the stacks want, unless it is there; nothing where they want none. */
  async provide(assembly: Assembly, stackIds: readonly string[]): Promise<LocalDatabase | undefined> {
    const wanted = wantedDatabase(assembly, stackIds);
    if (wanted === undefined) return undefined;
    if (this.current?.wanted.engine === wanted.engine) {
      if (JSON.stringify(this.current.wanted) === JSON.stringify(wanted)) return this.current;
      throw new Error('a variant wants the same engine with other limits, which takes a run of its own: use --set');
    }
    await this.current?.stop();
    this.current = await startDatabase(wanted, this.place);
    return this.current;
  }
}
