import type { StreamMapping } from '../../../../tools/local/stream-poller/mapping';
import type { StreamRecord } from '../../../../tools/local/stream-poller/stream-source';

/** Settings of a mapping: AWS's defaults, and the given ones. */
export function mappingWith(settings: Partial<StreamMapping> = {}): StreamMapping {
  return {
    uuid: 'mapping-1',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:consumer',
    streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/readings',
    startingPosition: 'TRIM_HORIZON',
    batchSize: 100,
    windowMilliseconds: 0,
    parallelization: 1,
    bisects: false,
    maximumRetries: Infinity,
    maximumAgeMilliseconds: Infinity,
    reportsItemFailures: false,
    filters: [],
    destination: undefined,
    ...settings,
  };
}

/** Records `1`, `2` and so on, which arrived at the time 1000. */
export function recordsOf(count: number, keyOf: (index: number) => string = () => 'key'): StreamRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const sequenceNumber = String(index + 1);
    return { sequenceNumber, partitionKey: keyOf(index), arrivedAt: 1_000, event: { data: sequenceNumber } };
  });
}

export function numbersOf(records: readonly StreamRecord[]): string {
  return records.map(({ sequenceNumber }) => sequenceNumber).join(' ');
}
