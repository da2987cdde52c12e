import { ingest, totals } from '../../../lambda/database-access/records';
import { noting } from './noting-database';
import { record } from './record-factory';

const hostile = "'; drop table records; --";
const row = {
  id: hostile,
  customer_id: 'c-7',
  amount_cents: '1250',
  currency: 'EUR',
  occurred_at: new Date('2026-11-21T08:00:00Z'),
};

it.each(['postgres', 'mysql'] as const)('on %s values are parameters, never part of a statement', async (engine) => {
  const { db, asked } = noting(engine, (_, index) => [{ numAffectedRows: 1n }, { rows: [row] }][index] ?? {});
  await expect(ingest(db, engine, [record({ id: hostile })])).resolves.toEqual({
    inserted: 1,
    duplicates: 0,
    conflicts: [],
  });
  expect(asked).toHaveLength(2);
  for (const { sql, parameters } of asked) {
    expect(sql).not.toContain('drop');
    expect(parameters).toContain(hostile);
  }
});

it('a record that is there is never changed', async () => {
  const postgres = noting('postgres', (_, index) => [{ numAffectedRows: 0n }, { rows: [row] }][index] ?? {});
  const answer = await ingest(postgres.db, 'postgres', [record({ id: hostile, cents: 1n })]);
  expect(answer).toEqual({ inserted: 0, duplicates: 0, conflicts: [hostile] });
  expect(postgres.asked[0]?.sql).toMatch(/on conflict \("id"\) do nothing/);

  const mysql = noting('mysql', (_, index) => [{ numAffectedRows: 0n }, { rows: [row] }][index] ?? {});
  await ingest(mysql.db, 'mysql', [record({ id: hostile })]);
  expect(mysql.asked[0]?.sql).toMatch(/^insert ignore into/);
});

it('totals are sums of the database, in decimal text', async () => {
  const { db, asked } = noting('postgres', () => ({ rows: [{ currency: 'EUR', cents: '9007199254740993' }] }));
  const range = { customerId: hostile, from: new Date(0), to: new Date(1) };
  await expect(totals(db, range)).resolves.toEqual({ totals: { EUR: '90071992547409.93' } });
  expect(asked[0]?.parameters).toEqual([hostile, new Date(0), new Date(1)]);
});
