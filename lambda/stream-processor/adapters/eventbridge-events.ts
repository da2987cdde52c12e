import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { createLimitedClient } from '../../shared/client-limits';
import type { DomainEvent } from '../domain-event';
import type { RetryPolicy } from '../retry-policy';
import { patiently } from '../retry-policy';

export interface EventBus {
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly eventBusName: string;
  readonly retryPolicy: RetryPolicy;
}

/** Makes the client for all of a function's requests to EventBridge. */
export function createEventsClient(): EventBridgeClient {
  return createLimitedClient(EventBridgeClient, {});
}

/** EventBridge refused an entry. */
export class EventRefusedError extends Error {
  override readonly name = 'EventRefusedError';
}

/** Codes of refused entries that another attempt can clear. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const transientCodes = ['ThrottlingException', 'InternalFailure', 'InternalException'];

/**
 * Publishes events of different accounts, and those that were refused for a while again. Needs `events:PutEvents`.
 *
 * @returns the error of each event that was refused for good, by its place
 */
export async function publishEvents(
  bus: EventBus,
  events: readonly DomainEvent[],
): Promise<ReadonlyMap<number, Error>> {
  const errors = new Map<number, Error>();
  let left = events.map((event, place) => ({ event, place }));
  for (let attempt = 1; left.length > 0; attempt++) {
    const sent = left;
    const entries = await putEvents(
      bus,
      sent.map(({ event }) => event),
    ).catch((error: unknown) => errorOfAll(sent.length, error));
    left = [];
    for (const [index, { event, place }] of sent.entries()) {
      const { ErrorCode, ErrorMessage = '' } = entries[index] ?? {};
      if (ErrorCode === undefined) continue;
      if (transientCodes.includes(ErrorCode) && bus.retryPolicy.hasTimeLeft()) left.push({ event, place });
      else errors.set(place, new EventRefusedError(`${ErrorCode}: ${ErrorMessage}`));
    }
    if (left.length > 0) await bus.retryPolicy.pause(attempt);
  }
  return errors;
}

async function putEvents({ client, eventBusName, retryPolicy }: EventBus, events: readonly DomainEvent[]) {
  const Entries = events.map(({ type, detail }) => ({
    EventBusName: eventBusName,
    Source: 'stream-processor',
    DetailType: type,
    Detail: JSON.stringify(detail),
  }));
  const put = new PutEventsCommand({ Entries });
  const send = () => client.send(put, { abortSignal: retryPolicy.signal });
  const { Entries: results = [] } = await patiently(send, retryPolicy);
  return results;
}

function errorOfAll(count: number, error: unknown): PutEventsResultEntry[] {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return Array.from({ length: count }, () => ({ ErrorCode: name, ErrorMessage: message }));
}
