import type { Reading } from '../../../lambda/stream-processor/reading';
import type { ReceivedRecord } from '../../../lambda/stream-processor/reading-batch';

export const arrival = Date.parse('2026-11-27T09:30:30.000Z');

export const rules = { windowSeconds: 60, latenessSeconds: 600, clockToleranceSeconds: 60 };

export function aReading(changes: Partial<Reading> = {}): Reading {
  return { deviceId: 'd-1', readingId: 'r-1', takenAt: '2026-11-27T09:30:00.000Z', value: '12.5', ...changes };
}

/** Records with the sequence numbers 1, 2 and so on. */
export function recordsOf(...data: (Reading | string)[]): ReceivedRecord[] {
  return data.map((one, index) => ({
    sequenceNumber: String(index + 1),
    arrivedAt: arrival,
    data: typeof one === 'string' ? one : JSON.stringify(one),
  }));
}

/** Event of Kinesis with these records. */
export function kinesisEvent(records: readonly ReceivedRecord[]): object {
  return {
    Records: records.map(({ sequenceNumber, arrivedAt, data }) => ({
      kinesis: {
        sequenceNumber,
        partitionKey: 'd-1',
        data: Buffer.from(data).toString('base64'),
        approximateArrivalTimestamp: arrivedAt / 1_000,
      },
    })),
  };
}
