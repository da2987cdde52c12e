import fc from 'fast-check';
import { distinct, judge } from '../../../lambda/database-access/ingest';
import { saysTheSame, type PaymentRecord } from '../../../lambda/database-access/record';
import { record } from './record-factory';

const someRecord = fc
  .record({ id: fc.constantFrom('a', 'b', 'c', 'd'), cents: fc.bigInt({ min: 1n, max: 3n }) })
  .map((changes) => record(changes));
const someRecords = fc.array(someRecord, { minLength: 1, maxLength: 20 });

/** A table that keeps what is there. */
function store(table: Map<string, PaymentRecord>, records: readonly PaymentRecord[]) {
  const rows = distinct(records);
  const absent = rows.filter(({ id }) => !table.has(id));
  for (const one of absent) table.set(one.id, one);
  const stored = rows.map(({ id }) => table.get(id)!);
  return judge(records, stored, absent.length);
}

it('whatever comes in whatever batches, each id is stored as it came first, and every record is accounted for', () => {
  fc.assert(
    fc.property(fc.array(someRecords, { maxLength: 5 }), (batches) => {
      const table = new Map<string, PaymentRecord>();
      for (const records of batches) {
        const before = new Map(table);
        const { inserted, duplicates, conflicts } = store(table, records);
        for (const [id, one] of before) expect(table.get(id)).toBe(one);
        const conflicting = records.filter((one) => !saysTheSame(one, table.get(one.id)!));
        expect(conflicts).toEqual([...new Set(conflicting.map(({ id }) => id))].sort());
        expect(inserted).toBe(table.size - before.size);
        expect(inserted + duplicates + conflicting.length).toBe(records.length);
      }
    }),
  );
});

it('a batch that is sent again is all duplicates', () => {
  fc.assert(
    fc.property(fc.uniqueArray(someRecord, { selector: ({ id }) => id, minLength: 1 }), (records) => {
      const table = new Map<string, PaymentRecord>();
      store(table, records);
      expect(store(table, records)).toEqual({ inserted: 0, duplicates: records.length, conflicts: [] });
    }),
  );
});

it('records go to the database in the order of their ids, so that batches do not wait for each other in a circle', () => {
  const rows = distinct(['b', 'a', 'c'].map((id) => record({ id })));
  expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('of a batch that contradicts itself the first word stands', () => {
  const table = new Map([['r-2', record({ id: 'r-2' })]]);
  const other = record({ id: 'r-2', cents: 1n });
  expect(store(table, [other, other, record({ id: 'r-2' })])).toEqual({
    inserted: 0,
    duplicates: 1,
    conflicts: ['r-2'],
  });
  const answer = store(new Map(), [record(), record({ cents: 1n }), record()]);
  expect(answer).toEqual({ inserted: 1, duplicates: 1, conflicts: ['r-1'] });
});

it('a record that is nowhere after it was inserted is an error', () => {
  expect(() => judge([record()], [], 1)).toThrow(/is not there/);
});
