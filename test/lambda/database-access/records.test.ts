import fc from 'fast-check';
import {
  classify,
  firstOfEachId,
  ingestRecords,
  isSameRecord,
  sumRecords,
  type PaymentRecord,
} from '../../../lambda/database-access/records';
import { record } from './record-factory';
import { recordingDatabase } from './recording-database';

describe('comparing records', () => {
  it('two records with equal values are the same', () => {
    expect(isSameRecord(record(), record())).toBe(true);
  });

  it.each([
    { id: 'r-2' },
    { customerId: 'c-8' },
    { minorUnits: 1_251n },
    { currency: 'USD' },
    { occurredAt: new Date('2026-11-21T08:00:00.001Z') },
  ])('records that differ in %j are not the same', (change) => {
    expect(isSameRecord(record(), record(change))).toBe(false);
  });
});

describe('classifying a batch', () => {
  const someRecord = fc
    .record({ id: fc.constantFrom('a', 'b', 'c', 'd'), minorUnits: fc.bigInt({ min: 1n, max: 3n }) })
    .map((changes) => record(changes));
  const someRecords = fc.array(someRecord, { minLength: 1, maxLength: 20 });

  /** Inserts into a table that keeps existing rows. */
  function store(table: Map<string, PaymentRecord>, records: readonly PaymentRecord[]) {
    const rows = firstOfEachId(records);
    const absent = rows.filter(({ id }) => !table.has(id));
    for (const one of absent) table.set(one.id, one);
    const stored = rows.map(({ id }) => table.get(id)!);
    return classify(records, stored, absent.length);
  }

  it('keeps the first content of each id and accounts for every record, in any order of batches', () => {
    fc.assert(
      fc.property(fc.array(someRecords, { maxLength: 5 }), (batches) => {
        const table = new Map<string, PaymentRecord>();
        for (const records of batches) {
          const before = new Map(table);
          const { inserted, duplicates, conflicts } = store(table, records);
          for (const [id, one] of before) expect(table.get(id)).toBe(one);
          const conflicting = records.filter((one) => !isSameRecord(one, table.get(one.id)!));
          expect(conflicts).toEqual([...new Set(conflicting.map(({ id }) => id))].sort());
          expect(inserted).toBe(table.size - before.size);
          expect(inserted + duplicates + conflicting.length).toBe(records.length);
        }
      }),
    );
  });

  it('reports a repeated batch as duplicates only', () => {
    fc.assert(
      fc.property(fc.uniqueArray(someRecord, { selector: ({ id }) => id, minLength: 1 }), (records) => {
        const table = new Map<string, PaymentRecord>();
        store(table, records);
        expect(store(table, records)).toEqual({ inserted: 0, duplicates: records.length, conflicts: [] });
      }),
    );
  });

  it('sorts rows by id, so that concurrent batches cannot deadlock', () => {
    const rows = firstOfEachId(['b', 'a', 'c'].map((id) => record({ id })));
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('keeps the first of two contradicting records in one batch', () => {
    const table = new Map([['r-2', record({ id: 'r-2' })]]);
    const other = record({ id: 'r-2', minorUnits: 1n });
    expect(store(table, [other, other, record({ id: 'r-2' })])).toEqual({
      inserted: 0,
      duplicates: 1,
      conflicts: ['r-2'],
    });
    const empty = new Map<string, PaymentRecord>();
    const answer = store(empty, [record(), record({ minorUnits: 1n })]);
    expect(answer).toEqual({ inserted: 1, duplicates: 0, conflicts: ['r-1'] });
    expect(empty.get('r-1')).toEqual(record());
  });

  it('fails on a record that is missing after its insert', () => {
    expect(() => classify([record()], [], 1)).toThrow(/is missing/);
  });
});

describe('statements', () => {
  const hostile = "'; drop table records; --";
  const row = {
    id: hostile,
    customer_id: 'c-7',
    amount_cents: '1250',
    currency: 'EUR',
    occurred_at: new Date('2026-11-21T08:00:00Z'),
  };

  it.each(['postgres', 'mysql'] as const)('pass values as parameters on %s', async (engine) => {
    let isInserted = false;
    const { db, queries } = recordingDatabase(engine, ({ sql }) => {
      const insert = /^\s*insert/.test(sql);
      isInserted ||= insert;
      return insert ? { numAffectedRows: 1n } : { rows: isInserted ? [row] : [] };
    });
    await expect(ingestRecords({ db, engine }, [record({ id: hostile })])).resolves.toEqual({
      inserted: 1,
      duplicates: 0,
      conflicts: [],
    });
    expect(queries.length).toBeGreaterThanOrEqual(2);
    for (const { sql, parameters } of queries) {
      expect(sql).not.toContain('drop');
      expect(parameters.flat()).toContain(hostile);
    }
  });

  it.each(['postgres', 'mysql'] as const)('are one transaction for a batch on %s', async (engine) => {
    const { db, events } = recordingDatabase(engine, () => ({ numAffectedRows: 1n, rows: [row] }));
    await ingestRecords({ db, engine }, [record({ id: hostile })]);
    expect([events[0], events.at(-1)]).toEqual(['begin', 'commit']);
  });

  it('take their rows in the order of ids on PostgreSQL, whatever the order of the arrays', async () => {
    const { db, queries } = recordingDatabase('postgres', () => ({ rows: [row] }));
    await ingestRecords({ db, engine: 'postgres' }, [record({ id: hostile })]);
    expect(queries[0]?.sql).toMatch(/order by id\s+on conflict/);
  });

  it('never change a stored record', async () => {
    const answer = ({ sql }: { sql: string }) => (/^\s*insert/.test(sql) ? { numAffectedRows: 0n } : { rows: [row] });
    const postgres = recordingDatabase('postgres', answer);
    await expect(
      ingestRecords({ db: postgres.db, engine: 'postgres' }, [record({ id: hostile, minorUnits: 1n })]),
    ).resolves.toEqual({ inserted: 0, duplicates: 0, conflicts: [hostile] });
    expect(postgres.queries[0]?.sql).toMatch(/on conflict \(id\) do nothing$/);

    const mysql = recordingDatabase('mysql', answer);
    await expect(
      ingestRecords({ db: mysql.db, engine: 'mysql' }, [record({ id: hostile, minorUnits: 1n })]),
    ).resolves.toEqual({ inserted: 0, duplicates: 0, conflicts: [hostile] });
    expect(mysql.queries.filter(({ sql }) => !sql.startsWith('select'))).toEqual([]);
  });

  it('sum in the database and return decimal text', async () => {
    const { db, queries } = recordingDatabase('postgres', () => ({
      rows: [{ currency: 'EUR', total: '9007199254740993' }],
    }));
    const range = { customerId: hostile, from: new Date(0), to: new Date(1) };
    await expect(sumRecords({ db }, range)).resolves.toEqual({ totals: { EUR: '90071992547409.93' } });
    expect(queries).toHaveLength(1);
    expect(queries[0]?.sql).toBe(
      'select "currency", sum("amount_cents") as "total" from "records" ' +
        'where "customer_id" = $1 and "occurred_at" >= $2 and "occurred_at" < $3 group by "currency" order by "currency"',
    );
    expect(queries[0]?.parameters).toEqual([hostile, new Date(0), new Date(1)]);
  });
});
