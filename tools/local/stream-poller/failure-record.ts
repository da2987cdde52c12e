import { randomUUID } from 'node:crypto';
import type { Discarded } from './deliver-batch';
import type { StreamMapping } from './mapping';

export interface FailureContext {
  readonly mapping: StreamMapping;
  readonly shardId: string;
  readonly now: Date;
}

/**
 * Invocation record for an on-failure destination; only one for S3 has the payload, the whole event as escaped JSON. Records that
 * were too old before any invocation have no response; of a response that only names failed items, Lambda writes `null` as error.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function failureRecord(discarded: Discarded, { mapping, shardId, now }: FailureContext, withPayload: boolean) {
  const { records, condition, invocations, functionError } = discarded;
  const [first, last] = [records[0], records.at(-1)];
  const batch = {
    shardId,
    startSequenceNumber: first?.sequenceNumber,
    endSequenceNumber: last?.sequenceNumber,
    approximateArrivalOfFirstRecord: isoTime(first?.arrivedAt),
    approximateArrivalOfLastRecord: isoTime(last?.arrivedAt),
    batchSize: records.length,
    streamArn: mapping.streamArn,
  };
  const isKinesis = mapping.streamArn.includes(':kinesis:');
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: mapping.functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    ...(invocations === 0
      ? {}
      : {
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: functionError ?? null },
        }),
    version: '1.0',
    timestamp: now.toISOString(),
    [isKinesis ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: batch,
    ...(withPayload ? { payload: JSON.stringify({ Records: records.map(({ event }) => event) }) } : {}),
  };
}

/** Key of the object: `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random UUID>`. */
export function failureKey({ mapping, shardId, now }: FailureContext): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const folder = `aws/lambda/${mapping.uuid}/${shardId}/${date.replaceAll('-', '/')}`;
  return `${folder}/${date}T${time.slice(0, 8).replaceAll(':', '.')}-${randomUUID()}`;
}

function isoTime(milliseconds: number | undefined): string {
  return new Date(milliseconds ?? 0).toISOString();
}
