import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { formatDecimal, parseDecimal } from './decimal';

/** Item of the table `Accounts`. Its writer raises the version by each change. */
export interface Account {
  readonly accountId: string;
  readonly version: number;
  /** Decimal in its shortest form. */
  readonly balance: string;
}

export interface AccountChange extends Account {
  readonly sequenceNumber: string;
  readonly kind: 'opened' | 'changed';
  /** Balance before the change; absent for an account that was opened. */
  readonly previousBalance?: string;
  /** UTC, to the second. */
  readonly changedAt: string;
}

/** Change that is of no account. The message names places, never values. */
export class InvalidChangeError extends Error {
  override readonly name = 'InvalidChangeError';
}

const decimal = z.object({
  N: z.string().check(z.refine((text) => parseDecimal(text) !== undefined, 'use a decimal of at most 18 and 9 digits')),
});

/** Attribute values of DynamoDB. */
const accountSchema = z.object({
  accountId: z.object({ S: z.string().check(z.minLength(1), z.maxLength(128)) }),
  version: z.object({ N: z.string().check(z.regex(/^[1-9]\d{0,14}$/, 'use a whole number from 1')) }),
  balance: decimal,
});

/** @throws InvalidChangeError */
export function parseAccount(item: unknown): Account {
  const parsed = accountSchema.safeParse(item);
  if (!parsed.success) throw new InvalidChangeError(describeIssues(parsed.error, 'account').join('; '));
  const { accountId, version, balance } = parsed.data;
  return {
    accountId: accountId.S,
    version: Number(version.N),
    balance: formatDecimal(parseDecimal(balance.N) ?? 0n),
  };
}

/** Record of the change stream, as far as it is known before its images are read. */
export interface ReceivedChange {
  readonly sequenceNumber: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly newImage: unknown;
  readonly oldImage: unknown;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html#events-sample-dynamodb */
const eventSchema = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        ApproximateCreationDateTime: z.number(),
        NewImage: z.optional(z.unknown()),
        OldImage: z.optional(z.unknown()),
      }),
    }),
  ),
});

export function parseChangeEvent(event: unknown): ReceivedChange[] {
  return eventSchema.parse(event).Records.map(({ dynamodb }) => ({
    sequenceNumber: dynamodb.SequenceNumber,
    createdAt: dynamodb.ApproximateCreationDateTime,
    newImage: dynamodb.NewImage,
    oldImage: dynamodb.OldImage,
  }));
}

/** @throws InvalidChangeError */
export function parseChange({ sequenceNumber, createdAt, newImage, oldImage }: ReceivedChange): AccountChange {
  const account = parseAccount(newImage);
  const changedAt = new Date(createdAt * 1_000).toISOString();
  const change = { ...account, sequenceNumber, changedAt };
  if (oldImage === undefined) return { ...change, kind: 'opened' };
  const before = parseAccount(oldImage);
  if (account.version <= before.version) {
    throw new InvalidChangeError(`version: use one above ${before.version}, that of the item before the change`);
  }
  return { ...change, kind: 'changed', previousBalance: before.balance };
}
