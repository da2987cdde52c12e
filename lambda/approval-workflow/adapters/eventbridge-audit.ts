import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { createLimitedClient } from '../../shared/client-limits';
import type { StoredEntry } from '../request-record';

export function createEventsClient(): EventBridgeClient {
  return createLimitedClient(EventBridgeClient, {});
}

/** Entries of one call: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const mostEntries = 10;

/**
 * Publishes audit entries in order, until the first that EventBridge does not take. Needs `events:PutEvents`.
 *
 * @returns number of entries that were published
 */
export async function publishEntries(
  { client, busName }: { readonly client: Pick<EventBridgeClient, 'send'>; readonly busName: string },
  entries: readonly StoredEntry[],
): Promise<number> {
  for (let start = 0; start < entries.length; start += mostEntries) {
    const some = entries.slice(start, start + mostEntries);
    const { Entries: results = [] } = await client.send(
      new PutEventsCommand({ Entries: some.map((entry) => eventOf(entry, busName)) }),
    );
    const refused = results.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused >= 0) return start + refused;
  }
  return entries.length;
}

/** Event of an entry: never its detail or an address. */
function eventOf({ requestId, entry, at, status, team, what, who }: StoredEntry, EventBusName: string) {
  return {
    EventBusName,
    Source: 'approval-workflow',
    DetailType: 'RequestChanged',
    Time: new Date(at),
    Detail: JSON.stringify({ requestId, revision: Number(entry), at, status, team, what, who }),
  };
}
