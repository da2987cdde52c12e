import { FileRefusedError } from './errors';

/** Record of a file as it was written, with the line on which it begins. */
export interface RawRecord {
  /** From 1. */
  readonly line: number;
  /** Without its line end; of a record that is too long, the beginning. */
  readonly raw: string;
  /** Length of a record beyond the limit, which is not kept. */
  readonly tooLongBytes?: number;
}

export interface ScannerOptions {
  /** Whether fields may be in quotes, which may hold line ends; undefined where every line is a record. */
  readonly delimiter: string | undefined;
  readonly maximumRecordBytes: number;
}

/** Place between two records. */
export interface Position {
  /** Bytes of the text in UTF-8. */
  readonly offset: number;
  /** Line that begins there. */
  readonly line: number;
}

const [lf, cr, quote] = [0x0a, 0x0d, 0x22];
const mark = Buffer.from('\ufeff');
const previewBytes = 1_000;

/** Where in a record the scanner is. */
const enum Within {
  FieldStart,
  Plain,
  Quoted,
  /** After a quote inside quotes: the end of the field, or the first of two. */
  QuoteInQuotes,
}

/**
 * Finds the records of a text that arrives in blocks of UTF-8, without holding more than one record.
 *
 * Looks at quotes as RFC 4180 does: a field that begins with a quote ends with one, and a quote within it is doubled. What is between
 * is left to the parser. Every byte of a character beyond ASCII is above 0x7f in UTF-8, so bytes can be compared.
 */
export class RecordScanner {
  readonly #delimiter: number | undefined;
  readonly #maximum: number;
  #within: Within = Within.FieldStart;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #recordLine: number;
  #recordBytes = 0;
  #line: number;
  #offset: number;

  constructor({ delimiter, maximumRecordBytes }: ScannerOptions, from: Position = { offset: 0, line: 1 }) {
    this.#delimiter = delimiter?.charCodeAt(0);
    this.#maximum = maximumRecordBytes;
    this.#offset = from.offset;
    this.#line = from.line;
    this.#recordLine = from.line;
  }

  /** Place after the last record that was returned. */
  get position(): Position {
    return { offset: this.#offset, line: this.#recordLine };
  }

  /**
   * Yields each record that ends in the block; blank lines are none.
   *
   * @throws FileRefusedError if a quote is not closed within the limit: where rows begin after it is not known
   */
  *push(block: Buffer): Generator<RawRecord> {
    let start = this.#skipMark(block);
    let within = this.#within;
    const delimiter = this.#delimiter;
    for (let at = start; at < block.length; at++) {
      const byte = block[at];
      if (byte === lf) {
        this.#line++;
        if (within === Within.Quoted) continue;
        this.#keep(block.subarray(start, at), within);
        start = at + 1;
        within = Within.FieldStart;
        const record = this.#take(1);
        if (record !== undefined) yield record;
      } else if (delimiter === undefined) continue;
      else if (within === Within.Quoted) {
        if (byte === quote) within = Within.QuoteInQuotes;
      } else if (byte === delimiter) within = Within.FieldStart;
      else if (byte === quote) within = within === Within.Plain ? Within.Plain : Within.Quoted;
      else within = Within.Plain;
    }
    this.#within = within;
    this.#keep(block.subarray(start), within);
  }

  /**
   * Yields the last record, of a text that does not end with a line end.
   *
   * @throws FileRefusedError if a quote is not closed
   */
  *end(): Generator<RawRecord> {
    if (this.#within === Within.Quoted) throw this.#unclosed();
    const record = this.#take(0);
    if (record !== undefined) yield record;
  }

  /** A byte order mark before the first record is no part of it. */
  #skipMark(block: Buffer): number {
    if (this.#offset > 0 || this.#recordBytes > 0 || !block.subarray(0, mark.length).equals(mark)) return 0;
    this.#offset = mark.length;
    return mark.length;
  }

  #keep(bytes: Buffer, within: Within): void {
    this.#recordBytes += bytes.length;
    if (this.#recordBytes > this.#maximum && within === Within.Quoted) throw this.#unclosed();
    const room = this.#maximum - this.#keptBytes;
    if (bytes.length === 0 || room <= 0) return;
    this.#kept.push(bytes.length > room ? bytes.subarray(0, room) : bytes);
    this.#keptBytes += Math.min(bytes.length, room);
  }

  #take(lineEndBytes: number): RawRecord | undefined {
    const bytes = this.#kept.length === 1 ? this.#kept[0] : Buffer.concat(this.#kept);
    const length = this.#recordBytes;
    const line = this.#recordLine;
    this.#offset += length + lineEndBytes;
    this.#kept = [];
    this.#keptBytes = 0;
    this.#recordBytes = 0;
    this.#recordLine = this.#line;
    if (bytes === undefined) return undefined;
    if (length > this.#maximum) return { line, raw: bytes.toString('utf8', 0, previewBytes), tooLongBytes: length };
    const end = bytes.at(-1) === cr ? bytes.length - 1 : bytes.length;
    return end === 0 ? undefined : { line, raw: bytes.toString('utf8', 0, end) };
  }

  #unclosed(): FileRefusedError {
    return new FileRefusedError(
      `a quote that opens on line ${this.#recordLine} or after it is not closed within ${this.#maximum} bytes: rows after it cannot be distinguished`,
    );
  }
}
