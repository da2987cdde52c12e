import { readValue } from '../../../lambda/etl-pipeline/values';
import { datasetOf } from './products';

const columnOf = (column: object) =>
  datasetOf({
    columns: [
      { name: 'id', type: 'text', required: true },
      { name: 'c', ...column },
    ],
    primaryKey: ['id'],
  }).columns[1]!;

it.each([
  [{ type: 'text' }, ' a b ', 'a b'],
  [{ type: 'text', trim: false }, ' a ', ' a '],
  [{ type: 'text' }, 'two\nlines\tand a tab', 'two\nlines\tand a tab'],
  [{ type: 'text' }, '=cmd|calc', '=cmd|calc'],
  [{ type: 'text' }, '', null],
  [{ type: 'text', default: 'none' }, undefined, 'none'],
  [{ type: 'integer' }, '007', '7'],
  [{ type: 'decimal', decimalSeparator: ',' }, '1,50', '1.5'],
  [{ type: 'boolean' }, 'Yes', true],
  [{ type: 'boolean' }, '0', false],
  [{ type: 'date', dateFormat: 'DD.MM.YYYY' }, '24.12.2026', '2026-12-24'],
  [{ type: 'instant' }, '2026-11-26T10:00:00+01:00', '2026-11-26T09:00:00.000Z'],
  [{ type: 'decimal', minimum: '0.5', maximum: '0.75' }, '0.50', '0.5'],
  [{ type: 'date', minimum: '2026-01-01' }, '2026-01-01', '2026-01-01'],
])('a column %j reads %j as %j', (column, text, value) => {
  expect(readValue(columnOf(column), text)).toEqual({ value });
});

it.each([
  [{ type: 'text', required: true }, '  ', 'a value is required'],
  [{ type: 'text' }, 'a\0b', 'use no control characters'],
  [{ type: 'text' }, 'a\ufffdb', 'characters are not of the encoding'],
  [{ type: 'text', maximumLength: 3 }, 'abcd', 'use at most 3 characters'],
  [{ type: 'text', pattern: 'a|bc' }, 'abc', 'use the pattern of the column'],
  [{ type: 'text', values: ['a', 'b'] }, 'c', 'use one of the permitted values'],
  [{ type: 'integer' }, '1.5', 'use a whole number of up to 38 digits'],
  [{ type: 'decimal' }, '1e3', 'use a decimal number of up to 38 digits'],
  [{ type: 'boolean' }, 'maybe', 'use true or false'],
  [{ type: 'boolean' }, 'constructor', 'use true or false'],
  [{ type: 'boolean', required: true }, '__proto__', 'use true or false'],
  [{ type: 'date' }, '2026-02-30', 'use a date as YYYY-MM-DD'],
  [{ type: 'instant' }, '2026-11-26T10:00:00', 'use a time with an offset, to the millisecond at most'],
  [{ type: 'decimal', minimum: '10' }, '9.99', 'use at least 10'],
  [{ type: 'integer', maximum: '9' }, '10', 'use at most 9'],
  [{ type: 'date', maximum: '2026-01-01' }, '2026-01-02', 'use at most 2026-01-01'],
])('a column %j refuses %j', (column, text, reason) => {
  expect(readValue(columnOf(column), text)).toEqual({ reason });
});
