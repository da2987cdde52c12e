import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { RecordScanner, type RawRecord } from '../../../lambda/etl-pipeline/record-scanner';

interface Options {
  readonly delimiter?: string | undefined;
  readonly maximumRecordBytes?: number;
  /** Bytes of each block; a text in one block by default. */
  readonly blocks?: readonly number[];
}

function scan(text: string | Buffer, options: Options = {}): RawRecord[] {
  const { delimiter = ',', maximumRecordBytes = 1_000, blocks = [] } = options;
  const scanner = new RecordScanner({
    delimiter: 'delimiter' in options ? options.delimiter : delimiter,
    maximumRecordBytes,
  });
  const records: RawRecord[] = [];
  let left = Buffer.from(text);
  for (const bytes of blocks) {
    records.push(...scanner.push(left.subarray(0, bytes)));
    left = left.subarray(bytes);
  }
  return [...records, ...scanner.push(left), ...scanner.end()];
}

/** Pieces that CSV gives a meaning to, and some that it does not. */
const piece = fc.constantFrom('a', 'é', '😀', ',', '"', '""', '\n', '\r\n', '\r', ' ', '\0', 'b c');
const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const sizes = fc.array(fc.nat({ max: 7 }), { maxLength: 30 });

/** Fields, each in quotes or free of what needs them. */
const field = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((pieces) => `"${pieces.join('').replaceAll('"', '""')}"`),
  fc.constantFrom('', 'a', 'b c', 'é', '=1+1'),
);
const record = fc.array(field, { minLength: 2, maxLength: 5 }).map((fields) => fields.join(','));
const wellFormed = fc.tuple(fc.array(record, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'));

it('finds the same records however the text is cut into blocks', () => {
  fc.assert(
    fc.property(anyText, sizes, (text, blocks) => {
      let whole: RawRecord[] | string;
      try {
        whole = scan(text);
      } catch (error) {
        whole = String(error);
      }
      if (typeof whole === 'string') expect(() => scan(text, { blocks })).toThrow(/not closed/);
      else expect(scan(text, { blocks })).toEqual(whole);
    }),
  );
});

it('cuts a well-formed text exactly where the parser does', () => {
  fc.assert(
    fc.property(wellFormed, ([records, lineEnd]) => {
      const text = records.map((one) => one + lineEnd).join('');
      const alone = scan(text).flatMap(({ raw }) => parse(raw, { relax_column_count: true }));
      expect(alone).toEqual(parse(text, { relax_column_count: true, record_delimiter: lineEnd }));
    }),
  );
});

it('a scanner that goes on from a position finds the rest of the records', () => {
  fc.assert(
    fc.property(wellFormed, fc.nat({ max: 10 }), ([records, lineEnd], after) => {
      const bytes = Buffer.from(records.map((one) => one + lineEnd).join(''));
      const options = { delimiter: ',', maximumRecordBytes: 1_000 };
      const first = new RecordScanner(options);
      const before: RawRecord[] = [];
      let position = first.position;
      for (const one of first.push(bytes)) {
        if (before.length === after) break;
        before.push(one);
        position = first.position;
      }
      const second = new RecordScanner(options, position);
      const rest = [...second.push(bytes.subarray(position.offset)), ...second.end()];
      expect([...before, ...rest]).toEqual(scan(bytes));
    }),
  );
});

it('a record has the line on which it begins, and blank lines are none', () => {
  expect(scan('a,b\n\n"1\n2",x\r\ny,z')).toEqual([
    { line: 1, raw: 'a,b' },
    { line: 3, raw: '"1\n2",x' },
    { line: 5, raw: 'y,z' },
  ]);
});

it('a byte order mark is no part of the first record', () => {
  expect(scan('\ufeff"a\nb",c\nd')).toEqual([
    { line: 1, raw: '"a\nb",c' },
    { line: 3, raw: 'd' },
  ]);
});

it('of a record that is too long only the beginning is kept, and the next is found', () => {
  expect(scan(`short\n${'x'.repeat(5_000)}\nnext`, { blocks: [100, 100, 3_000] })).toEqual([
    { line: 1, raw: 'short' },
    { line: 2, raw: 'x'.repeat(1_000), tooLongBytes: 5_000 },
    { line: 3, raw: 'next' },
  ]);
});

it.each([
  ['at the end', 'a,b\n"x,y\n'],
  ['within the limit', `a,b\n"x,y\n${'z\n'.repeat(1_000)}`],
])('a quote that is not closed %s refuses the file and names the line', (_, text) => {
  expect(() => scan(text)).toThrow('a quote that opens on line 2');
});

it('without quotes every line is a record', () => {
  expect(scan('{"a":"x"}\n"\n', { delimiter: undefined })).toEqual([
    { line: 1, raw: '{"a":"x"}' },
    { line: 2, raw: '"' },
  ]);
});

it('a quote within a field does not open one', () => {
  expect(scan('5" pipe,x\n"a"b"c,d\n')).toHaveLength(2);
});
