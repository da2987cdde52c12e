import {
  DatabaseInstanceEngine,
  MysqlEngineVersion,
  PostgresEngineVersion,
  type IInstanceEngine,
} from 'aws-cdk-lib/aws-rds';
import { statementSeconds, type Engine } from '../../lambda/database-access/database-schema';

/** Differences between the engines in the stack; the ports are in `lambda/database-access/database-schema.ts`. */
export interface EngineFacts {
  readonly instanceEngine: IInstanceEngine;
  /** RDS Proxy's name of the engine. */
  readonly family: 'POSTGRESQL' | 'MYSQL';
  /** Server parameters besides `max_connections`: required TLS, and logging of slow statements. */
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
      // Milliseconds, only for reading statements; on PostgreSQL the processor user has a limit instead.
      max_execution_time: String(statementSeconds * 1_000),
    },
    logExports: ['error', 'slowquery'],
  },
};
