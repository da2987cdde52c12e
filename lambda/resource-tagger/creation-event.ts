import * as z from 'zod/mini';
import { invalidPaths } from '../shared/input-issues';
import { creationKindOf, type CreationCall, type CreationKind } from './created-resources';
import { creatorOf, userIdentitySchema } from './creator';

/** Envelope by EventBridge; `resourceTagger` is added to what this application sends to its own queue. */
const eventSchema = z.object({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  account: z.string().check(z.regex(/^\d{12}$/)),
  detail: z.object({
    eventID: z.string().check(z.regex(/^[\w-]{1,100}$/)),
    eventTime: z.iso.datetime(),
    eventSource: z.string(),
    eventName: z.string(),
    awsRegion: z.string(),
    userIdentity: userIdentitySchema,
    requestParameters: z.optional(z.unknown()),
    responseElements: z.optional(z.unknown()),
    errorCode: z.optional(z.nullable(z.string())),
    readOnly: z.optional(z.union([z.boolean(), z.string()])),
  }),
  resourceTagger: z.optional(z.object({ look: z.optional(z.enum(['again'])), notify: z.optional(z.boolean()) })),
});

/** Creation of resources, from CloudTrail by EventBridge. */
export interface CreationEvent {
  readonly id: string;
  readonly time: Date;
  readonly creator: string;
  /** Service that acted for the creator, such as `cloudformation.amazonaws.com`. */
  readonly via?: string;
  readonly call: CreationCall;
  readonly kind: CreationKind;
  /** Whether the attachments of an instance are looked up for the second time. */
  readonly isSecondLook: boolean;
  /** False for events of a backfill, which are not news. */
  readonly notify: boolean;
  /** The event as it came, to be sent again. */
  readonly source: Readonly<Record<string, unknown>>;
}

/** The message is no creation that the rule lets through; no retry can help. */
export class UnusableEventError extends Error {
  override readonly name = 'UnusableEventError';
}

/**
 * Parses the body of a message.
 *
 * @throws UnusableEventError that names places, never values
 */
export function parseCreationEvent(body: string): CreationEvent {
  const source = parseJson(body);
  const parsed = eventSchema.safeParse(source);
  if (!parsed.success) {
    throw new UnusableEventError(
      `not an event of CloudTrail: wrong at ${invalidPaths(parsed.error, 'body').join(', ')}`,
    );
  }
  const { account, detail, resourceTagger = {} } = parsed.data;
  const { eventID, eventTime, userIdentity, requestParameters, responseElements, errorCode } = detail;
  const { eventSource, eventName, awsRegion } = detail;
  const call = { eventSource, eventName, awsRegion, account, requestParameters, responseElements };
  const kind = creationKindOf(detail);
  if (kind === undefined) throw new UnusableEventError('a call that creates nothing that is tagged');
  if (typeof errorCode === 'string') throw new UnusableEventError('a call that failed');
  return {
    id: eventID,
    time: new Date(eventTime),
    creator: creatorOf(userIdentity),
    ...(typeof userIdentity.invokedBy === 'string' ? { via: userIdentity.invokedBy } : {}),
    call,
    kind,
    isSecondLook: resourceTagger.look === 'again',
    notify: resourceTagger.notify ?? true,
    source: source as Record<string, unknown>,
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new UnusableEventError('not JSON');
  }
}
