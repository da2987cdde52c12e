import type { SQSRecord } from 'aws-lambda';
import { anOrder } from './orders';

export interface RecordChange {
  readonly messageId?: string;
  readonly body?: string;
  readonly receiveCount?: number;
  readonly group?: string;
  readonly fifo?: boolean;
}

/** A record as Lambda's event source mapping passes it. */
export function aRecord(change: RecordChange = {}): SQSRecord {
  const { messageId = 'm-1', body = JSON.stringify(anOrder()), receiveCount = 1, group, fifo = false } = change;
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '1795248000000',
      SenderId: 'AIDA',
      ApproximateFirstReceiveTimestamp: '1795248000000',
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:Orders${fifo ? '.fifo' : ''}`,
    awsRegion: 'us-east-1',
  };
}
