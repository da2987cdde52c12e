import { DummyDriver, Kysely, MysqlAdapter, MysqlQueryCompiler, PostgresAdapter, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from 'kysely';
import type { Engine, Tables } from '../../../lambda/database-access/database-schema';

type Result = Partial<QueryResult<Record<string, unknown>>>;

/** A database that records its queries and returns the given results. */
export function recordingDatabase(engine: Engine, answer: (query: CompiledQuery, index: number) => Result) {
  const queries: CompiledQuery[] = [];
  const executeQuery = async (query: CompiledQuery) => {
    queries.push(query);
    return Promise.resolve({ rows: [], ...answer(query, queries.length - 1) });
  };
  class Driver extends DummyDriver {
    override acquireConnection = () => Promise.resolve({ executeQuery } as unknown as DatabaseConnection);
  }
  const dialect: Dialect = {
    createAdapter: () => (engine === 'mysql' ? new MysqlAdapter() : new PostgresAdapter()),
    createDriver: () => new Driver(),
    createIntrospector: () => ({}) as never,
    createQueryCompiler: () => (engine === 'mysql' ? new MysqlQueryCompiler() : new PostgresQueryCompiler()),
  };
  return { db: new Kysely<Tables>({ dialect }), queries };
}
