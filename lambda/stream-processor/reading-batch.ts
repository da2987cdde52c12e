import { contentOf, identityOf, InvalidReadingError, parseJson, parseReading, type Reading } from './reading';
import { windowStart } from './window';

/** Record of the stream, as far as it is known before its data is read. */
export interface ReceivedRecord {
  readonly sequenceNumber: string;
  /** Milliseconds since 1970. It stays the same however often the record is delivered. */
  readonly arrivedAt: number;
  readonly data: string;
}

export interface WindowRules {
  readonly windowSeconds: number;
  /** Time after the end of a window in which its readings may still arrive. */
  readonly latenessSeconds: number;
  /** Time by which a device's clock may be ahead. */
  readonly clockToleranceSeconds: number;
}

/** Readings of one device in one window. */
export interface WindowGroup {
  readonly deviceId: string;
  readonly windowStart: string;
  /** Each identity once. */
  readonly readings: readonly Reading[];
  /** Index of the group's first record in the batch. */
  readonly firstIndex: number;
}

export interface ReadingBatch {
  readonly groups: readonly WindowGroup[];
  /** Readings of a window that is closed for good. */
  readonly late: readonly Reading[];
  /** Records that repeat another one of the batch. */
  readonly repeated: number;
  /** First record that no attempt can process; the records after it are left for the next delivery. */
  readonly poison: { readonly index: number; readonly error: Error } | undefined;
}

/** A reading has the identity of another one with other content. */
export class ReadingConflictError extends Error {
  override readonly name = 'ReadingConflictError';
}

/** Sorts the records of a batch up to the first that cannot be processed. */
export function sortBatch(records: readonly ReceivedRecord[], rules: WindowRules): ReadingBatch {
  const groups = new Map<string, { readings: Reading[]; firstIndex: number; deviceId: string; windowStart: string }>();
  const seen = new Map<string, string>();
  const late: Reading[] = [];
  let repeated = 0;
  for (const [index, record] of records.entries()) {
    try {
      const reading = readRecord(record, rules);
      if (isRepeated(reading, seen)) {
        repeated += 1;
        continue;
      }
      const start = windowStart(reading.takenAt, rules.windowSeconds);
      if (record.arrivedAt > Date.parse(start) + (rules.windowSeconds + rules.latenessSeconds) * 1_000) {
        late.push(reading);
        continue;
      }
      const key = `${reading.deviceId}/${start}`;
      const group = groups.get(key) ?? {
        readings: [],
        firstIndex: index,
        deviceId: reading.deviceId,
        windowStart: start,
      };
      group.readings.push(reading);
      groups.set(key, group);
    } catch (error) {
      if (!(error instanceof InvalidReadingError || error instanceof ReadingConflictError)) throw error;
      return { groups: [...groups.values()], late, repeated, poison: { index, error } };
    }
  }
  return { groups: [...groups.values()], late, repeated, poison: undefined };
}

function readRecord({ data, arrivedAt }: ReceivedRecord, { clockToleranceSeconds }: WindowRules): Reading {
  const reading = parseReading(parseJson(data));
  if (Date.parse(reading.takenAt) > arrivedAt + clockToleranceSeconds * 1_000) {
    throw new InvalidReadingError(`takenAt: use a time at most ${clockToleranceSeconds} s after the arrival`);
  }
  return reading;
}

/** @throws ReadingConflictError */
function isRepeated(reading: Reading, seen: Map<string, string>): boolean {
  const identity = identityOf(reading);
  const content = seen.get(identity);
  seen.set(identity, content ?? contentOf(reading));
  if (content === undefined) return false;
  if (content === contentOf(reading)) return true;
  throw new ReadingConflictError('the reading has the id of another one of its device');
}
