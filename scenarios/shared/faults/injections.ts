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

/** Ways out of a text, of either engine: quotes, comments, stacked statements, escapes, other alphabets. */
const ways: readonly ((statement: string) => string)[] = [
  (statement) => `'; ${statement}; --`,
  (statement) => `\\'; ${statement}; #`,
  (statement) => `"; ${statement}; /*`,
  (statement) => `\u02bc; ${statement}; --\u00bf\u0027`,
  (statement) => `$1'); ${statement}; select ('`,
];

/** Fifty payloads of up to 128 characters. */
export const injections: readonly string[] = statements.flatMap((statement) => ways.map((way) => way(statement)));
