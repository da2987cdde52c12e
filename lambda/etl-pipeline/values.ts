import type { Column } from './dataset';
import { readDate, readInstant } from './dates';
import { compareNumbers, readNumber } from './numbers';

/** Value of a column in its canonical form; null: none. */
export type Value = string | boolean | null;

/** Row that can be loaded: its values in the order of the dataset's columns. */
export interface StagedRow {
  readonly line: number;
  readonly values: readonly Value[];
}

/** A canonical value, or what the column asks for. Reasons never repeat the value, so that they can be counted and reported. */
export type ValueResult = { readonly value: Value } | { readonly reason: string };

const trueTexts = ['true', 'yes', 'y', '1'];
const falseTexts = ['false', 'no', 'n', '0'];

// oxlint-disable-next-line no-control-regex -- the characters that the expression is about
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Sign that bytes were read in the wrong encoding. */
const replacement = '\ufffd';

/** Reads the text of a column; `text` undefined: the row has no such field. */
export function readValue(column: Column, text: string | undefined): ValueResult {
  const trimmed = column.trim ? text?.trim() : text;
  const given = trimmed === undefined || trimmed === '' ? column.default : trimmed;
  if (given === undefined || given === '') {
    return column.required ? { reason: 'a value is required' } : { value: null };
  }
  if (given.includes(replacement)) return { reason: 'characters are not of the encoding' };
  if (control.test(given)) return { reason: 'use no control characters' };
  if (given.length > column.maximumLength) return { reason: `use at most ${column.maximumLength} characters` };
  const result = readTyped(column, given);
  return 'reason' in result ? result : checked(column, result.value, given);
}

function readTyped(column: Column, text: string): ValueResult {
  switch (column.type) {
    case 'text':
      return { value: text };
    case 'integer':
    case 'decimal':
      return orReason(readNumber(text, column, column.type === 'integer'), `use ${numberWords[column.type]}`);
    case 'boolean':
      return orReason(readBoolean(text.toLowerCase()), 'use true or false');
    case 'date':
      return orReason(readDate(text, column.dateFormat), `use a date as ${column.dateFormat}`);
    case 'instant':
      return orReason(readInstant(text), 'use a time with an offset, to the millisecond at most');
  }
}

function readBoolean(text: string): boolean | undefined {
  return trueTexts.includes(text) || (falseTexts.includes(text) ? false : undefined);
}

const numberWords = { integer: 'a whole number of up to 38 digits', decimal: 'a decimal number of up to 38 digits' };

function orReason(value: Value | undefined, reason: string): ValueResult {
  return value === undefined ? { reason } : { value };
}

function checked(column: Column, value: Value, text: string): ValueResult {
  const { pattern, values, minimum, maximum } = column;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(text)) {
    return { reason: 'use the pattern of the column' };
  }
  if (values !== undefined && !values.includes(text)) return { reason: 'use one of the permitted values' };
  if (minimum !== undefined && compare(column, String(value), minimum) < 0)
    return { reason: `use at least ${minimum}` };
  if (maximum !== undefined && compare(column, String(value), maximum) > 0) return { reason: `use at most ${maximum}` };
  return { value };
}

function compare({ type }: Column, value: string, limit: string): number {
  if (type === 'integer' || type === 'decimal') return compareNumbers(value, limit);
  return value < limit ? -1 : Number(value > limit);
}
