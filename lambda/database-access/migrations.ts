import { lockWaitSeconds, processorUser, statementSeconds, type Engine } from './database-schema';

/** One step of the schema. Steps are appended and never changed; the previous release must work after each of them. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** Statements in order. MySQL commits each schema change by itself; a failed migration continues at the failed one. */
  readonly statements: Readonly<Record<Engine, readonly string[]>>;
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'records of amounts by their id',
    statements: {
      postgres: [
        // "C" compares bytes: the index order does not depend on the server's locale.
        `create table records (
           id varchar(128) collate "C" primary key,
           customer_id varchar(128) collate "C" not null,
           amount_cents bigint not null check (amount_cents > 0),
           currency char(3) not null,
           occurred_at timestamptz(3) not null
         )`,
      ],
      mysql: [
        `create table if not exists records (
           id varchar(128) not null primary key,
           customer_id varchar(128) not null,
           amount_cents bigint not null check (amount_cents > 0),
           currency char(3) not null,
           occurred_at datetime(3) not null
         ) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin`,
      ],
    },
  },
  {
    version: 2,
    name: 'the user of the function, which may read and insert records',
    statements: {
      postgres: [
        // Roles belong to the server: another database on it may have created this one.
        `do $$ begin
           if not exists (select from pg_roles where rolname = '${processorUser}') then
             create role ${processorUser} login;
           end if;
         end $$`,
        `grant rds_iam to ${processorUser}`,
        `grant select, insert on records to ${processorUser}`,
        // From the client it would be a startup option, which RDS Proxy refuses, or a SET, which pins the connection.
        `alter role ${processorUser} set statement_timeout = '${statementSeconds}s'`,
      ],
      mysql: [
        `create user if not exists ${processorUser}@'%' identified with AWSAuthenticationPlugin as 'RDS'`,
        `grant select, insert on records to ${processorUser}@'%'`,
      ],
    },
  },
  {
    version: 3,
    name: 'totals of a customer from the index alone',
    statements: {
      postgres: [
        `create index records_by_customer on records (customer_id, occurred_at) include (currency, amount_cents)`,
      ],
      mysql: [`create index records_by_customer on records (customer_id, occurred_at, currency, amount_cents)`],
    },
  },
  {
    version: 4,
    name: 'lock waits of the processor user end before its statements do',
    statements: {
      postgres: [`alter role ${processorUser} set lock_timeout = '${lockWaitSeconds}s'`],
      // The parameter group sets it for all users.
      mysql: [],
    },
  },
];
