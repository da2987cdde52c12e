import { DummyDriver, Kysely, MysqlAdapter, MysqlQueryCompiler, PostgresAdapter, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from 'kysely';
import type { Engine, Tables } from '../../../lambda/database-access/database-schema';

type Result = Partial<QueryResult<Record<string, unknown>>>;

/** A database that records its queries and returns the given results. */
export function recordingDatabase(engine: Engine, answer: (query: CompiledQuery, index: number) => Result) {
  const queries: CompiledQuery[] = [];
  /** Starts and ends of transactions, and the first words of statements in between. */
  const events: string[] = [];
  const executeQuery = async (query: CompiledQuery) => {
    queries.push(query);
    events.push(query.sql.trim().split(' ', 1)[0] ?? '');
    return Promise.resolve({ rows: [], ...answer(query, queries.length - 1) });
  };
  class Driver extends DummyDriver {
    override acquireConnection = () => Promise.resolve({ executeQuery } as unknown as DatabaseConnection);
    override beginTransaction = () => Promise.resolve(void events.push('begin'));
    override commitTransaction = () => Promise.resolve(void events.push('commit'));
    override rollbackTransaction = () => Promise.resolve(void events.push('rollback'));
  }
  const dialect: Dialect = {
    createAdapter: () => (engine === 'mysql' ? new MysqlAdapter() : new PostgresAdapter()),
    createDriver: () => new Driver(),
    createIntrospector: () => ({}) as never,
    createQueryCompiler: () => (engine === 'mysql' ? new MysqlQueryCompiler() : new PostgresQueryCompiler()),
  };
  return { db: new Kysely<Tables>({ dialect }), queries, events };
}
