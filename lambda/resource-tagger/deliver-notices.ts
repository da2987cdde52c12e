import pMap from 'p-map';
import type { QueueRecord } from './adapters/sqs-records';
import { noticeSchema, type Notice } from './notice';

/** Answer of a receiver: only a confirmation ends the delivery. */
export type PostResult =
  | { readonly confirmed: true }
  | { readonly confirmed: false; readonly reason: string; readonly retryAfterSeconds?: number };

/** Deliveries to one receiver, by notice. */
export interface DeliveryStore {
  /** Returns the time until which the receiver wants no requests, in milliseconds since 1970. */
  readonly pausedUntil: () => Promise<number>;
  readonly pauseUntil: (time: number) => Promise<void>;
  /** Claims a notice for a while; `busy`: another invocation has claimed it. */
  readonly claim: (id: string) => Promise<'claimed' | 'delivered' | 'busy'>;
  readonly release: (id: string) => Promise<void>;
  readonly confirm: (id: string) => Promise<void>;
}

export interface DeliveryDependencies {
  readonly store: DeliveryStore;
  readonly post: (notices: readonly Notice[]) => Promise<PostResult>;
  readonly now: () => number;
  /** Delay before the next attempt, in seconds, by the number of receives. */
  readonly delay: (receiveCount: number) => number;
}

/** Message that has to be delivered again, after so many seconds. */
export interface Undelivered {
  readonly record: QueueRecord;
  readonly seconds: number;
  readonly reason: string;
}

/** Claims on the table at once. */
const concurrency = 10;

/**
 * Longest pause that a receiver may ask for, in seconds: after 60 of them a notice is a dead letter, before the retention of
 * its queue ends, and SQS hides a message for 12 hours at most.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
const longestPause = 3 * 3_600;

/**
 * Delivers the notices of a batch in one digest. One that the receiver has confirmed is not sent again; one that it has not
 * confirmed is returned, for another attempt.
 */
export async function deliverNotices(
  records: readonly QueueRecord[],
  dependencies: DeliveryDependencies,
): Promise<Undelivered[]> {
  const { store, post, now, delay } = dependencies;
  const undelivered: Undelivered[] = [];
  const byId = new Map<string, { notice: Notice; records: QueueRecord[] }>();
  for (const record of records) {
    const notice = parse(record.body);
    if (notice === undefined) undelivered.push({ record, seconds: 1, reason: 'malformed' });
    else byId.set(notice.id, { notice, records: [...(byId.get(notice.id)?.records ?? []), record] });
  }
  const later = (ids: readonly string[], reason: string, atLeast = 0): void => {
    for (const record of ids.flatMap((id) => byId.get(id)?.records ?? []))
      undelivered.push({ record, seconds: Math.max(Math.ceil(atLeast), delay(record.receiveCount)), reason });
  };

  const claims = await pMap(byId.keys(), async (id) => ({ id, state: await store.claim(id) }), { concurrency });
  const claimed = claims.filter(({ state }) => state === 'claimed').map(({ id }) => id);
  later(
    claims.filter(({ state }) => state === 'busy').map(({ id }) => id),
    'busy',
  );
  if (claimed.length === 0) return undelivered;
  // After the claims, so that little time lies between this and the request.
  const pause = (await store.pausedUntil()) - now();
  const result: PostResult =
    pause > 0
      ? { confirmed: false, reason: 'paused', retryAfterSeconds: pause / 1_000 }
      : await post(claimed.flatMap((id) => byId.get(id)?.notice ?? []));
  if (result.confirmed) {
    await pMap(claimed, (id) => store.confirm(id), { concurrency });
    return undelivered;
  }
  const { reason, retryAfterSeconds = 0 } = result;
  const seconds = Math.min(retryAfterSeconds, longestPause);
  if (seconds > 0 && reason !== 'paused') await store.pauseUntil(now() + seconds * 1_000);
  await pMap(claimed, (id) => store.release(id), { concurrency });
  later(claimed, reason, seconds);
  return undelivered;
}

function parse(body: string): Notice | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
