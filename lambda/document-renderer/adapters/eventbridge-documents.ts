import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { RenderedEvent } from '../render';
import { createLimitedClient } from '../../shared/client-limits';

/** Makes the client for the function's requests to EventBridge. */
export function createEventBridgeClient(): EventBridgeClient {
  return createLimitedClient(EventBridgeClient, {});
}

export interface DocumentEvents {
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly busName: string;
  readonly signal: AbortSignal;
}

/** @throws Error if the bus did not accept the event */
export async function publishRendered(events: DocumentEvents, event: RenderedEvent): Promise<void> {
  const { client, busName: EventBusName, signal } = events;
  const Detail = JSON.stringify(event);
  const { FailedEntryCount = 0, Entries = [] } = await client.send(
    new PutEventsCommand({
      Entries: [{ EventBusName, Source: 'document-renderer', DetailType: 'DocumentRendered', Detail }],
    }),
    { abortSignal: signal },
  );
  if (FailedEntryCount > 0) throw new Error(`EventBridge refused the event: ${Entries[0]?.ErrorCode ?? 'unknown'}`);
}
