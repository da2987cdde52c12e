import { sourceName, type Dataset } from './dataset';
import { FileRefusedError } from './errors';
import { maximumFields, parseHeader } from './rows';

/** Largest header as JSON: each step of the execution carries it, beside the datasets, within the 256 KiB of a state. */
const maximumHeaderBytes = 50_000;

/**
 * Checks the first record of a CSV file and returns its names. Columns that the dataset does not know are ignored.
 *
 * @throws FileRefusedError that names what is missing or there twice
 */
export function checkHeader(raw: string | undefined, { columns, delimiter }: Dataset): string[] {
  if (raw === undefined) throw new FileRefusedError('it has no header');
  if (raw.includes('\ufffd')) throw new FileRefusedError('its header has characters that are not of the encoding');
  const header = parseHeader(raw, delimiter)?.map((name) => name.trim());
  if (header === undefined) throw new FileRefusedError('the quotes of its header are not as RFC 4180 has them');
  if (header.length > maximumFields) {
    throw new FileRefusedError(`its header has ${header.length} fields: use at most ${maximumFields}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(header));
  if (bytes > maximumHeaderBytes) {
    throw new FileRefusedError(`its header has ${bytes} bytes: use at most ${maximumHeaderBytes}`);
  }
  const twice = header.filter((name, index) => name !== '' && header.indexOf(name) !== index);
  if (twice.length > 0) throw new FileRefusedError(`its header has fields twice: ${listed(twice)}`);
  const missing = columns.map(sourceName).filter((name) => !header.includes(name));
  if (missing.length > 0) throw new FileRefusedError(`its header has no ${listed(missing)}`);
  return header;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `'${name.slice(0, 64)}'`);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
