import fc from 'fast-check';
import {
  decide,
  loadableRow,
  rowIdOf,
  type LoadableRow,
  type StoredRow,
  type Verdict,
} from '../../../lambda/etl-pipeline/row-order';
import { datasetOf } from './products';

const columns = [
  { name: 'id', type: 'text', required: true },
  { name: 'other', type: 'text', required: true },
  { name: 'version', type: 'integer' },
];
const versioned = datasetOf({ columns, primaryKey: ['id'], versionColumn: 'version' });
const unversioned = datasetOf({ columns, primaryKey: ['id'] });
const order = (upload: number): string => `2026-11-26T10:00:0${upload}.000Z/00`;

const row = (upload: number, line: number, values: [string, string, string | null], dataset = versioned): LoadableRow =>
  loadableRow({ dataset, order: order(upload) }, { line, values });

/** Table of one row, which takes writes on the conditions of the adapter. */
class OneRow {
  stored: StoredRow | undefined;

  load({ order: place, hash }: LoadableRow): Verdict {
    if (this.stored === undefined) return this.#put(place, hash);
    const verdict = decide({ order: place, hash }, this.stored);
    if (verdict === 'write') return this.#put(place, hash);
    if (verdict !== 'confirm') return verdict;
    this.stored = { ...this.stored, order: place };
    return 'unchanged';
  }

  #put(place: string, hash: string): Verdict {
    this.stored = { order: place, contentOrder: place, hash };
    return 'loaded';
  }
}

const state = fc.record({
  upload: fc.integer({ min: 1, max: 4 }),
  line: fc.integer({ min: 2, max: 5 }),
  content: fc.constantFrom('x', 'y'),
  version: fc.option(fc.integer({ min: -2, max: 12 }).map(String)),
});
const states = fc.uniqueArray(state, {
  selector: ({ upload, line }) => `${upload}/${line}`,
  minLength: 1,
  maxLength: 8,
});

it.each([
  ['with a version column', versioned],
  ['without one', unversioned],
])('%s the newest state stays, in whatever order and however often states are written', (_, dataset) => {
  fc.assert(
    fc.property(states, fc.infiniteStream(fc.nat()), fc.nat({ max: 10 }), (all, numbers, repeats) => {
      const rows = all.map(({ upload, line, content, version }) => row(upload, line, ['k', content, version], dataset));
      const table = new OneRow();
      const draw = (): number => Number(numbers.next().value);
      const left = [...rows];
      while (left.length > 0) table.load(left.splice(draw() % left.length, 1)[0]!);
      for (let repeat = 0; repeat < repeats; repeat++) table.load(rows[draw() % rows.length]!);
      const newest = rows.toSorted((one, other) => (one.order < other.order ? -1 : 1)).at(-1)!;
      expect(table.stored).toMatchObject({ order: newest.order, hash: newest.hash });
    }),
  );
});

it('a row that is loaded again keeps its verdict', () => {
  const table = new OneRow();
  const first = row(1, 2, ['k', 'x', '1']);
  expect([table.load(first), table.load(first)]).toEqual(['loaded', 'loaded']);
  const same = row(2, 2, ['k', 'x', '1']);
  expect([table.load(same), table.load(same), table.load(first)]).toEqual(['unchanged', 'unchanged', 'loaded']);
  const old = row(0, 2, ['k', 'y', '1']);
  expect([table.load(old), table.load(old)]).toEqual(['older', 'older']);
});

it('a row that is unchanged takes the newer place, so that a late file between the two changes nothing', () => {
  const table = new OneRow();
  table.load(row(1, 2, ['k', 'x', null], unversioned));
  expect(table.load(row(3, 2, ['k', 'x', null], unversioned))).toBe('unchanged');
  expect(table.load(row(2, 2, ['k', 'y', null], unversioned))).toBe('older');
});

it('a higher version of an older file is newer, and 10 is more than 9', () => {
  const table = new OneRow();
  table.load(row(2, 2, ['k', 'x', '9']));
  expect(table.load(row(1, 2, ['k', 'y', '10']))).toBe('loaded');
  expect(table.load(row(3, 2, ['k', 'z', '-1']))).toBe('older');
});

it('of the same key and version twice the later file counts, and within a file the later line', () => {
  const table = new OneRow();
  table.load(row(1, 5, ['k', 'x', '1']));
  expect(table.load(row(1, 4, ['k', 'y', '1']))).toBe('older');
  expect(table.load(row(1, 10, ['k', 'y', '1']))).toBe('loaded');
  expect(table.load(row(2, 2, ['k', 'z', '1']))).toBe('loaded');
});

it('no two keys have the same id', () => {
  const dataset = datasetOf({ columns, primaryKey: ['id', 'other'] });
  const text = fc
    .array(fc.constantFrom('a', '#', '%', '2', '3'), { minLength: 1, maxLength: 4 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, text, text, text, (a, b, c, d) => {
      const same = a === c && b === d;
      expect(JSON.stringify(rowIdOf(dataset, [a, b, null])) === JSON.stringify(rowIdOf(dataset, [c, d, null]))).toBe(
        same,
      );
    }),
  );
});

it('a key without a value is refused', () => {
  expect(rowIdOf(versioned, [null, 'x', null])).toEqual({ reason: 'row: a part of the primary key has no value' });
});
