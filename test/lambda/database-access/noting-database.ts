import { DummyDriver, Kysely, MysqlAdapter, MysqlQueryCompiler, PostgresAdapter, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from 'kysely';
import type { Engine } from '../../../lambda/database-access/engine';
import type { Tables } from '../../../lambda/database-access/tables';

type Result = Partial<QueryResult<Record<string, unknown>>>;

/** A database that notes what it is asked and answers as it is told. */
export function noting(engine: Engine, answer: (query: CompiledQuery, index: number) => Result) {
  const asked: CompiledQuery[] = [];
  const executeQuery = async (query: CompiledQuery) => {
    asked.push(query);
    return Promise.resolve({ rows: [], ...answer(query, asked.length - 1) });
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
  return { db: new Kysely<Tables>({ dialect }), asked };
}
