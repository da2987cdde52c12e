import fc from 'fast-check';
import type { CompiledQuery } from 'kysely';
import { format } from 'mysql2';
import {
  insertNewRows,
  mostStatementBytes,
  selectRows,
  type RecordRow,
} from '../../../lambda/database-access/record-table';
import { recordingDatabase } from './recording-database';

/** RDS Proxy pins the connection of a client that sends a longer text. */
const pinningBytes = 16 * 1024;

/** Text of a query as the driver sends it; PostgreSQL's sends values apart from it. */
const textOf: Readonly<Record<'postgres' | 'mysql', (query: CompiledQuery) => string>> = {
  postgres: ({ sql }) => sql,
  mysql: ({ sql, parameters }) => format(sql, [...parameters] as string[], false, 'Z'),
};

const someText = fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', 'é', '€', '😀'), minLength: 1, maxLength: 64 });
const someRow: fc.Arbitrary<RecordRow> = fc.record({
  id: someText,
  customer_id: someText,
  amount_cents: fc.bigInt({ min: 1n, max: 9_999_999_999_999_999n }).map(String),
  currency: fc.constant('EUR'),
  occurred_at: fc.date({ min: new Date('1000-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
});
const batch = (count: number): RecordRow[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${index}-${"'".repeat(120)}`,
    customer_id: '😀'.repeat(64),
    amount_cents: '9999999999999999',
    currency: 'EUR',
    occurred_at: new Date('2026-11-21T08:00:00.123Z'),
  }));

describe.each(['postgres', 'mysql'] as const)('on %s', (engine) => {
  it('no statement of a full batch is long enough to pin a connection', async () => {
    const rows = batch(1_000);
    const { db, queries } = recordingDatabase(engine, () => ({ numAffectedRows: 1n }));
    await insertNewRows({ db, engine }, rows);
    await selectRows(
      { db, engine },
      rows.map(({ id }) => id),
    );
    const bytes = queries.map((query) => Buffer.byteLength(textOf[engine](query)));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(pinningBytes);
  });

  it('every row and every id is sent once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someRow, { minLength: 1, maxLength: 200 }), async (rows) => {
        const { db, queries } = recordingDatabase(engine, () => ({ numAffectedRows: 1n }));
        const ids = rows.map(({ id }) => id);
        await insertNewRows({ db, engine }, rows);
        const inserts = queries.splice(0);
        await selectRows({ db, engine }, ids);
        for (const query of [...inserts, ...queries]) {
          expect(Buffer.byteLength(textOf[engine](query))).toBeLessThanOrEqual(mostStatementBytes);
        }
        const rowsSent = inserts
          .filter(({ sql }) => /^\s*insert/.test(sql))
          .flatMap(({ parameters }) => parameters.flat());
        const idsSent = rowsSent.filter((_, index) => (engine === 'mysql' ? index % 5 === 0 : index < ids.length));
        expect(idsSent).toEqual(ids);
        expect(queries.flatMap(({ parameters }) => parameters.flat())).toEqual(ids);
      }),
      { numRuns: 20 },
    );
  });
});

it('counts the rows that PostgreSQL has inserted', async () => {
  const { db } = recordingDatabase('postgres', () => ({ numAffectedRows: 7n }));
  await expect(insertNewRows({ db, engine: 'postgres' }, batch(100))).resolves.toBe(7);
});

it('inserts on MySQL the rows whose ids are not stored, and counts them', async () => {
  const rows = batch(100);
  const stored = rows.slice(0, 40);
  const { db, queries } = recordingDatabase('mysql', ({ sql, parameters }) =>
    sql.startsWith('select') ? { rows: stored.filter(({ id }) => parameters.includes(id)) } : {},
  );
  await expect(insertNewRows({ db, engine: 'mysql' }, rows)).resolves.toBe(60);
  const inserts = queries.filter(({ sql }) => sql.startsWith('insert'));
  expect(inserts.flatMap(({ parameters }) => parameters.filter((_, index) => index % 5 === 0))).toEqual(
    rows.slice(40).map(({ id }) => id),
  );
});

it('fills MySQL statements almost to the limit', async () => {
  const { db, queries } = recordingDatabase('mysql', () => ({ numAffectedRows: 1n }));
  await insertNewRows({ db, engine: 'mysql' }, batch(1_000));
  const bytes = queries
    .filter(({ sql }) => sql.startsWith('insert'))
    .slice(0, -1)
    .map((query) => Buffer.byteLength(textOf.mysql(query)));
  expect(Math.min(...bytes)).toBeGreaterThan(mostStatementBytes * 0.9);
});
