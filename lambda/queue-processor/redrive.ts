import { unrecorded, type RedriveAnswer, type RedriveRequest, type SampledLetter } from './redrive-request';

/** A message that was set aside. */
export interface DeadLetter {
  readonly messageId: string;
  /** When it was sent to the queue `Orders`, in milliseconds since 1970. */
  readonly sentAt: number;
  /** Present where its order among others counts. */
  readonly group?: string;
}

/** Why it was set aside, as far as that was kept. */
export interface LetterReason {
  readonly reason: string;
  readonly detail: string;
  readonly orderId?: string;
}

/** The dead-letter queue, and the way back from it. */
export interface DeadLetters<Letter extends DeadLetter> {
  /** Messages in the queue, about, those that are hidden included. */
  count(): Promise<number>;
  /** Receives some and hides them for longer than a redrive takes; none if there are none. */
  receive(most: number): Promise<readonly Letter[]>;
  reasonOf(letter: Letter): Promise<LetterReason | undefined>;
  /** Resolves once the queue `Orders` has accepted it. */
  sendBack(letter: Letter): Promise<void>;
  remove(letter: Letter): Promise<void>;
  /** Ends its hiding. */
  show(letter: Letter): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Asked before each receive. */
  hasTime(): boolean;
}

const receiveLimit = 10;
const sampleSize = 10;
/** SQS may answer empty from some of its servers while others hold messages. */
const emptyReceivesAtTheEnd = 2;

/**
 * Sends dead letters back that match the request, each deleted only after the queue has accepted it.
 *
 * A crash in between leaves a message in both queues: it is delivered twice, which is harmless here, since an order takes
 * effect once. Letters that do not match are hidden while it looks for others, and shown again at the end; only if time
 * runs out do they stay hidden, until their hiding ends by itself, so that the next call sees what this one did not.
 */
export async function redrive<Letter extends DeadLetter>(
  request: RedriveRequest,
  letters: DeadLetters<Letter>,
  clock: Clock,
): Promise<RedriveAnswer> {
  const { dryRun, perSecond, max = Infinity } = request;
  const started = clock.now();
  const found = await letters.count();
  const seen = new Set<string>();
  const held = new Map<string, Letter>();
  const matching: Described<Letter>[] = [];
  let emptyReceives = 0;
  let error: unknown;

  const mayGoOn = (): boolean => matching.length < max && emptyReceives < emptyReceivesAtTheEnd && error === undefined;
  while (mayGoOn() && clock.hasTime()) {
    try {
      const most = Math.min(receiveLimit, max - matching.length, dryRun ? Infinity : perSecond);
      const fresh = (await letters.receive(most)).filter(({ messageId }) => !seen.has(messageId));
      emptyReceives = fresh.length === 0 ? emptyReceives + 1 : 0;
      for (const letter of fresh) {
        seen.add(letter.messageId);
        held.set(letter.messageId, letter);
      }
      const described = await Promise.all(fresh.map((letter) => describe(letter, letters, started)));
      const chosen = described.filter((one) => matches(one, request));
      if (dryRun) {
        matching.push(...chosen);
        continue;
      }
      const sending = await sendAll(chosen, letters);
      matching.push(...sending.accepted);
      for (const { messageId } of sending.accepted) held.delete(messageId);
      error = sending.error;
      await clock.sleep(started + (matching.length / perSecond) * 1_000 - clock.now());
    } catch (thrown) {
      error = thrown;
    }
  }

  const again = mayGoOn() && !dryRun;
  if (!again) await Promise.allSettled([...held.values()].map((letter) => letters.show(letter)));
  return {
    found,
    looked: seen.size,
    sent: matching.length,
    reasons: countBy(matching.map(({ reason }) => reason)),
    oldestSeconds: Math.max(0, ...matching.map(({ ageSeconds }) => ageSeconds)),
    sample: matching.slice(0, sampleSize).map(({ letter: _, ...sampled }) => sampled),
    left: await letters.count(),
    again,
    ...(error === undefined ? {} : { error: error instanceof Error ? error.name : typeof error }),
  };
}

type Described<Letter> = SampledLetter & { readonly letter: Letter };

async function describe<Letter extends DeadLetter>(
  letter: Letter,
  letters: DeadLetters<Letter>,
  now: number,
): Promise<Described<Letter>> {
  const { reason, detail, orderId } = (await letters.reasonOf(letter)) ?? { reason: unrecorded, detail: '' };
  const ageSeconds = Math.floor((now - letter.sentAt) / 1_000);
  const { messageId } = letter;
  return { letter, messageId, reason, detail, ageSeconds, ...(orderId === undefined ? {} : { orderId }) };
}

/** Whatever was sent after the redrive began has come back from it, and would go round for ever. */
function matches(one: SampledLetter, { olderThanSeconds, reason }: RedriveRequest): boolean {
  return one.ageSeconds >= olderThanSeconds && (reason === undefined || one.reason === reason);
}

/** Sends in order where order counts, and stops there at the first error, so that no later one overtakes. */
async function sendAll<Letter extends DeadLetter>(
  chosen: readonly Described<Letter>[],
  letters: DeadLetters<Letter>,
): Promise<{ accepted: readonly Described<Letter>[]; error: unknown }> {
  const accepted: Described<Letter>[] = [];
  let error: unknown;
  const send = async (one: Described<Letter>): Promise<void> => {
    try {
      await letters.sendBack(one.letter);
      accepted.push(one);
      await letters.remove(one.letter);
    } catch (thrown) {
      error ??= thrown;
    }
  };
  await Promise.all(chosen.filter((one) => one.letter.group === undefined).map(send));
  for (const one of chosen.filter((other) => other.letter.group !== undefined)) {
    if (error === undefined) await send(one);
  }
  return { accepted, error };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
