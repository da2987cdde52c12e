const statements = [
  'drop table records',
  'delete from records',
  'truncate table records',
  "update records set amount_cents = 1 where 'a' = 'a'",
  'drop table schema_migrations',
  "insert into records values ('x', 'x', 1, 'EUR', now())",
  'create table owned (id int)',
  'alter table records add column owned int',
  'grant all on records to public',
  'select pg_sleep(30)',
];

/** Escapes from a string literal of either engine: quotes, comments, stacked statements, other alphabets. */
const escapes: readonly ((statement: string) => string)[] = [
  (statement) => `'; ${statement}; --`,
  (statement) => `\\'; ${statement}; #`,
  (statement) => `"; ${statement}; /*`,
  (statement) => `\u02bc; ${statement}; --\u00bf\u0027`,
  (statement) => `$1'); ${statement}; select ('`,
];

/** Fifty SQL injection payloads of up to 128 characters. */
export const injections: readonly string[] = statements.flatMap((statement) =>
  escapes.map((escape) => escape(statement)),
);
