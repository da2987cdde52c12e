import { LookupEventsCommand, type CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { clientTokenOf, creationKinds } from '../../lambda/resource-tagger/created-resources';
import { parseCreationEvent, UnusableEventError } from '../../lambda/resource-tagger/creation-event';

export interface Backfill {
  readonly cloudtrail: Pick<CloudTrailClient, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly from: Date;
  readonly dryRun: boolean;
  /** Waits between two lookups: CloudTrail takes two a second, in the whole account and region. */
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
}

export interface BackfillCounts {
  /** Events that CloudTrail has about the calls of the table. */
  found: number;
  /** Events that name a resource which no newer event names. */
  sent: number;
}

/** SQS takes ten messages and 1 MiB at once, and an event may have 256 KB. */
const [messagesAtOnce, bytesAtOnce] = [10, 700_000];

/**
 * Sends the creations of the last days to the queue again, as events that are no news.
 *
 * CloudTrail gives the newest events first. Of those about the same ARN only the newest is sent: a bucket or a queue that was deleted
 * and made again belongs to its last creator.
 */
export async function backfill(options: Backfill): Promise<BackfillCounts> {
  const { dryRun, sqs, queueUrl, signal } = options;
  const counts = { found: 0, sent: 0 };
  const known = new Set<string>();
  let waiting: string[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length > 0 && !dryRun) {
      const Entries = waiting.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      if (Failed[0] !== undefined) throw new Error(`SQS refused an event: ${Failed[0].Code ?? 'unknown'}`);
    }
    counts.sent += waiting.length;
    waiting = [];
  };
  const names = new Set(Object.values(creationKinds).flatMap((ofService) => Object.keys(ofService)));
  for (const name of names) {
    for await (const record of lookUp(options, name)) {
      if (signal.aborted) return counts;
      const message = messageOf(record);
      if (message === undefined) continue;
      counts.found += 1;
      if (message.arns.length > 0 && message.arns.every((arn) => known.has(arn))) continue;
      for (const arn of message.arns) known.add(arn);
      const bytes = waiting.reduce((sum, body) => sum + Buffer.byteLength(body), Buffer.byteLength(message.body));
      if (waiting.length === messagesAtOnce || bytes > bytesAtOnce) await flush();
      waiting.push(message.body);
    }
  }
  await flush();
  return counts;
}

/** Records of one call, the newest first. */
async function* lookUp({ cloudtrail, from, pause, signal }: Backfill, eventName: string): AsyncGenerator<string> {
  let NextToken: string | undefined;
  do {
    if (signal.aborted) return;
    await pause();
    const answer = await cloudtrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }],
        StartTime: from,
        MaxResults: 50,
        NextToken,
      }),
    );
    for (const { CloudTrailEvent = '' } of answer.Events ?? []) yield CloudTrailEvent;
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
}

/**
 * Returns the message as EventBridge sends it, and its resources; undefined for a call that is not in the table, that failed, or that
 * names none. A very large launch names none: the function looks its instances up by the token of the request.
 */
function messageOf(record: string): { readonly body: string; readonly arns: readonly string[] } | undefined {
  const detail = JSON.parse(record) as Readonly<Record<string, unknown>>;
  const body = JSON.stringify({
    version: '0',
    id: detail['eventID'],
    'detail-type': 'AWS API Call via CloudTrail',
    source: String(detail['eventSource']).replace(/^(.*)\.amazonaws\.com$/, 'aws.$1'),
    account: detail['recipientAccountId'],
    time: detail['eventTime'],
    region: detail['awsRegion'],
    resources: [],
    detail,
    resourceTagger: { notify: false },
  });
  try {
    const { kind, call } = parseCreationEvent(body);
    const arns = kind.arns(call);
    const isLookedUp = call.eventName === 'RunInstances' && clientTokenOf(call) !== undefined;
    return arns.length === 0 && !isLookedUp ? undefined : { body, arns };
  } catch (error) {
    if (error instanceof UnusableEventError) return undefined;
    throw error;
  }
}
