import {
  DatabaseInstanceEngine,
  MysqlEngineVersion,
  PostgresEngineVersion,
  type IInstanceEngine,
} from 'aws-cdk-lib/aws-rds';
import { statementSeconds, type Engine } from '../../lambda/database-access/database-schema';

/** In what the two engines differ as far as the stack goes; the ports are in `lambda/database-access/engine.ts`. */
export interface EngineFacts {
  readonly instanceEngine: IInstanceEngine;
  /** As RDS Proxy names it. */
  readonly family: 'POSTGRESQL' | 'MYSQL';
  /** What the server is given beside `max_connections`: TLS for everyone, and what finds slow statements. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly logExports: readonly string[];
}

export const engineFacts: Readonly<Record<Engine, EngineFacts>> = {
  postgres: {
    instanceEngine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    family: 'POSTGRESQL',
    parameters: { 'rds.force_ssl': '1', log_min_duration_statement: '1000', log_connections: '1' },
    logExports: ['postgresql', 'upgrade'],
  },
  mysql: {
    instanceEngine: DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_4_7 }),
    family: 'MYSQL',
    parameters: {
      require_secure_transport: '1',
      slow_query_log: '1',
      long_query_time: '1',
      log_output: 'FILE',
      // Milliseconds, of reading statements; PostgreSQL has its limit on the function's user.
      max_execution_time: String(statementSeconds * 1_000),
    },
    logExports: ['error', 'slowquery'],
  },
};
