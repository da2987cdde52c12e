import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { createLimitedClient } from '../../shared/client-limits';
import type { AuditEntry, RequestRecord } from '../request-record';

export function createEventsClient(): EventBridgeClient {
  return createLimitedClient(EventBridgeClient, {});
}

/** Publishes an audit entry: never the purpose, an address or a token. Needs `events:PutEvents`. */
export async function publishEntry(
  { client, busName }: { readonly client: Pick<EventBridgeClient, 'send'>; readonly busName: string },
  { requestId, revision, status, team }: RequestRecord,
  { what, who }: AuditEntry,
): Promise<void> {
  const Detail = JSON.stringify({ requestId, revision, status, team, what, who });
  const { FailedEntryCount = 0 } = await client.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: busName, Source: 'approval-workflow', DetailType: 'RequestChanged', Detail }],
    }),
  );
  if (FailedEntryCount > 0) throw new Error('EventBridge did not take the event');
}
