import { unrecorded, type RedriveResponse, type RedriveRequest, type SampledDeadLetter } from './redrive-request';

/** A message in the dead-letter queue. */
export interface DeadLetter {
  readonly messageId: string;
  /** Time at which it was sent to the queue Orders, in milliseconds since 1970. */
  readonly sentAt: number;
  /** Message group; messages of one group are sent in order. */
  readonly group?: string;
}

/** Recorded cause of its failure. */
export interface DeadLetterReason {
  readonly reason: string;
  readonly detail: string;
  readonly orderId?: string;
}

/** The dead-letter queue, its source queue, and the saved reasons. */
export interface RedriveDependencies<Message extends DeadLetter> {
  /** Returns the approximate number of dead letters, hidden ones included. */
  count(): Promise<number>;
  /** Receives some and hides them for longer than a redrive takes; none if there are none. */
  receive(maximum: number): Promise<readonly Message[]>;
  reasonOf(message: Message): Promise<DeadLetterReason | undefined>;
  /** Resolves once the queue Orders has accepted it. */
  send(message: Message): Promise<void>;
  delete(message: Message): Promise<void>;
  /** Makes it visible at once. */
  show(message: Message): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Asked before each receive. */
  hasTimeLeft(): boolean;
}

const receiveLimit = 10;
const sampleSize = 10;
/** SQS may return nothing from some of its servers while others hold messages. */
const emptyReceivesAtTheEnd = 2;

/**
 * Sends the dead letters that match the request back to Orders, and deletes each only after the queue has accepted it.
 *
 * A crash in between leaves a message in both queues: it is delivered twice, which is harmless, since an order takes effect
 * once. Messages that do not match are hidden during the search, and shown again at the end; only if time runs out do they
 * stay hidden until their visibility timeout ends, so that the next call sees the ones that this one did not.
 */
export async function redrive<Message extends DeadLetter>(
  request: RedriveRequest,
  dependencies: RedriveDependencies<Message>,
  clock: Clock,
): Promise<RedriveResponse> {
  const { dryRun, perSecond, max = Infinity } = request;
  const started = clock.now();
  const found = await dependencies.count();
  const seen = new Set<string>();
  const held = new Map<string, Message>();
  const matching: Described<Message>[] = [];
  let emptyReceives = 0;
  let error: unknown;

  const mayContinue = (): boolean =>
    matching.length < max && emptyReceives < emptyReceivesAtTheEnd && error === undefined;
  while (mayContinue() && clock.hasTimeLeft()) {
    try {
      const maximum = Math.min(receiveLimit, max - matching.length, dryRun ? Infinity : perSecond);
      const fresh = (await dependencies.receive(maximum)).filter(({ messageId }) => !seen.has(messageId));
      emptyReceives = fresh.length === 0 ? emptyReceives + 1 : 0;
      for (const message of fresh) {
        seen.add(message.messageId);
        held.set(message.messageId, message);
      }
      const described = await Promise.all(fresh.map((message) => describe(message, dependencies, started)));
      const chosen = described.filter((one) => matches(one, request));
      if (dryRun) {
        matching.push(...chosen);
        continue;
      }
      const result = await sendAll(chosen, dependencies);
      matching.push(...result.accepted);
      for (const { messageId } of result.accepted) held.delete(messageId);
      error = result.error;
      await clock.sleep(started + (matching.length / perSecond) * 1_000 - clock.now());
    } catch (thrown) {
      error = thrown;
    }
  }

  const again = mayContinue() && !dryRun;
  if (!again) await Promise.allSettled([...held.values()].map((message) => dependencies.show(message)));
  return {
    found,
    looked: seen.size,
    sent: matching.length,
    reasons: countBy(matching.map(({ reason }) => reason)),
    oldestSeconds: Math.max(0, ...matching.map(({ ageSeconds }) => ageSeconds)),
    sample: matching.slice(0, sampleSize).map(({ message: _, ...sampled }) => sampled),
    left: await dependencies.count(),
    again,
    ...(error === undefined ? {} : { error: error instanceof Error ? error.name : typeof error }),
  };
}

type Described<Message> = SampledDeadLetter & { readonly message: Message };

async function describe<Message extends DeadLetter>(
  message: Message,
  dependencies: RedriveDependencies<Message>,
  now: number,
): Promise<Described<Message>> {
  const { reason, detail, orderId } = (await dependencies.reasonOf(message)) ?? { reason: unrecorded, detail: '' };
  const ageSeconds = Math.floor((now - message.sentAt) / 1_000);
  const { messageId } = message;
  return { message, messageId, reason, detail, ageSeconds, ...(orderId === undefined ? {} : { orderId }) };
}

/** Leaves what was sent after the redrive began: it was redriven and has failed again, and would be sent forever. */
function matches(one: SampledDeadLetter, { olderThanSeconds, reason }: RedriveRequest): boolean {
  return one.ageSeconds >= olderThanSeconds && (reason === undefined || one.reason === reason);
}

/** Sends the messages of groups in order, and stops there at the first error, so that no later one overtakes it. */
async function sendAll<Message extends DeadLetter>(
  chosen: readonly Described<Message>[],
  dependencies: RedriveDependencies<Message>,
): Promise<{ accepted: readonly Described<Message>[]; error: unknown }> {
  const accepted: Described<Message>[] = [];
  let error: unknown;
  const send = async (one: Described<Message>): Promise<void> => {
    try {
      await dependencies.send(one.message);
      accepted.push(one);
      await dependencies.delete(one.message);
    } catch (thrown) {
      error ??= thrown;
    }
  };
  await Promise.all(chosen.filter((one) => one.message.group === undefined).map(send));
  for (const one of chosen.filter((other) => other.message.group !== undefined)) {
    if (error === undefined) await send(one);
  }
  return { accepted, error };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
