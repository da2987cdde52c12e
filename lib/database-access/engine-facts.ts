import {
  DatabaseInstanceEngine,
  MysqlEngineVersion,
  PostgresEngineVersion,
  type IInstanceEngine,
} from 'aws-cdk-lib/aws-rds';
import { lockWaitSeconds, statementSeconds, type Engine } from '../../lambda/database-access/database-schema';

/** Differences between the engines in the stack; the ports are in `lambda/database-access/database-schema.ts`. */
export interface EngineFacts {
  /** Pinned to the major version: RDS upgrades minor versions, and a template cannot go back to an earlier one. */
  readonly instanceEngine: IInstanceEngine;
  /** RDS Proxy's name of the engine. */
  readonly family: 'POSTGRESQL' | 'MYSQL';
  /**
   * Whether the owner can log in by IAM from the beginning. RDS's API offers that for PostgreSQL only.
   * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
   */
  readonly ownerByIam: boolean;
  /** Server parameters besides `max_connections`: required TLS, and logs without values. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Logs that are exported to CloudWatch. */
  readonly logExports: readonly string[];
}

export const engineFacts: Readonly<Record<Engine, EngineFacts>> = {
  postgres: {
    instanceEngine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    family: 'POSTGRESQL',
    ownerByIam: true,
    parameters: {
      'rds.force_ssl': '1',
      log_min_duration_statement: '1000',
      log_connections: '1',
      // Bind values are data of customers. Without these, slow statements and the DETAIL of errors show them.
      log_parameter_max_length: '0',
      log_parameter_max_length_on_error: '0',
      log_error_verbosity: 'terse',
    },
    logExports: ['postgresql', 'upgrade'],
  },
  mysql: {
    instanceEngine: DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.of('8.4', '8.4') }),
    family: 'MYSQL',
    ownerByIam: false,
    parameters: {
      require_secure_transport: '1',
      slow_query_log: '1',
      long_query_time: '1',
      log_output: 'FILE',
      // Milliseconds, only for reading statements; on PostgreSQL the processor user has a limit instead.
      max_execution_time: String(statementSeconds * 1_000),
      // Waits for rows, and for tables that a migration changes.
      innodb_lock_wait_timeout: String(lockWaitSeconds),
      lock_wait_timeout: String(lockWaitSeconds),
    },
    // The slow log has statements with their values, so it stays on the instance.
    logExports: ['error'],
  },
};
