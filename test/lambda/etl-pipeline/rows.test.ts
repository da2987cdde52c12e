import fc from 'fast-check';
import { maximumFields, parseCsv, parseHeader, parseJsonLine } from '../../../lambda/etl-pipeline/rows';

const records = (raws: readonly string[]) => raws.map((raw, index) => ({ line: index + 2, raw }));

/** Values by name, or the reason. */
function parsed(raws: readonly string[], header = ['a', 'b'], delimiter = ','): unknown[] {
  return parseCsv(records(raws), header, delimiter).map((row) =>
    'fields' in row ? Object.fromEntries(row.fields) : row.reason,
  );
}

it('quotes, doubled quotes, line ends and delimiters within quotes are text', () => {
  expect(parsed(['1,2', '"x""y","a,b"', '"line 1\r\nline 2",'])).toEqual([
    { a: '1', b: '2' },
    { a: 'x"y', b: 'a,b' },
    { a: 'line 1\r\nline 2', b: '' },
  ]);
});

it('a row that is not as the others is refused alone, with what is wrong', () => {
  const wrongQuotes = 'row: quotes are not as RFC 4180 has them';
  expect(parsed(['1,2', '5" pipe,2', '"x"y,2', '1', '1,2,3', '3,4'])).toEqual([
    { a: '1', b: '2' },
    wrongQuotes,
    wrongQuotes,
    'row: expected 2 fields, found 1',
    'row: expected 2 fields, found 3',
    { a: '3', b: '4' },
  ]);
});

it('formula text and names of object members stay text', () => {
  expect(parsed(['=cmd|calc,@SUM(A1)'], ['__proto__', 'constructor'])).toEqual([
    JSON.parse('{"__proto__":"=cmd|calc","constructor":"@SUM(A1)"}'),
  ]);
});

it('any values come back as they were written', () => {
  const value = fc.string({ unit: 'grapheme', maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value)), (rows) => {
      const quoted = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(';'));
      expect(parsed(quoted, ['a', 'b'], ';')).toEqual(rows.map(([a, b]) => ({ a, b })));
    }),
  );
});

it('a header whose quotes are wrong is none', () => {
  expect(parseHeader('a,"b', ',')).toBeUndefined();
  expect(parseHeader('a,"b c"', ',')).toEqual(['a', 'b c']);
});

it('a number of JSON keeps all of its digits', () => {
  const row = parseJsonLine('{"price":12345678901234567890.123456789,"n":1e3,"ok":true,"none":null,"t":"x"}');
  expect('fields' in row && Object.fromEntries(row.fields)).toEqual({
    price: '12345678901234567890.123456789',
    n: '1e3',
    ok: 'true',
    none: '',
    t: 'x',
  });
});

it.each(['', 'x', '[1]', '1', 'null', '"a"', '{"a":1', '{"a":1}{"b":2}'])('%j is no row of JSON Lines', (raw) => {
  expect(parseJsonLine(raw)).toEqual({ reason: 'row: use one JSON object a line' });
});

it('nested values and thousands of fields are refused', () => {
  expect(parseJsonLine('{"a":{"b":1}}')).toEqual({ reason: 'a: use a text, a number or a boolean' });
  const many = Object.fromEntries(Array.from({ length: maximumFields + 1 }, (_, index) => [`f${index}`, 1]));
  expect(parseJsonLine(JSON.stringify(many))).toEqual({ reason: 'row: use at most 1000 fields' });
});
