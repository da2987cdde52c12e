import * as z from 'zod/mini';
import { onOneLine } from '../shared/plain-text';
import type { CreationEvent } from './creation-event';
import type { TaggedResource } from './tagging';

/** Resources that a notice names; it counts all of them. */
const namedResources = 5;

export const noticeSchema = z.object({
  /** Event id; a second notice of one event has another suffix. */
  id: z.string(),
  time: z.string(),
  creator: z.string(),
  via: z.optional(z.string()),
  type: z.string(),
  region: z.string(),
  /** Ids of the first resources. */
  resources: z.array(z.string()),
  count: z.number(),
  /** Resources that were not tagged, by reason. */
  refused: z.record(z.string(), z.number()),
  /** Resources without a required tag, by its key. */
  lacking: z.record(z.string(), z.number()),
});

/** News of created resources, for people. */
export type Notice = z.output<typeof noticeSchema>;

/** Returns the notice of an event, or undefined if it is not news: of a second look only what went wrong is. */
export function noticeOf(event: CreationEvent, tagged: readonly TaggedResource[]): Notice | undefined {
  const present = tagged.filter(({ outcome }) => outcome !== 'gone');
  const refused = count(present.flatMap(({ outcome, reason = '' }) => (outcome === 'refused' ? [reason] : [])));
  const lacking = count(present.flatMap(({ lacks }) => lacks));
  const isNews = event.isSecondLook ? Object.keys(refused).length > 0 : present.length > 0;
  if (!event.notify || !isNews) return undefined;
  return {
    id: event.isSecondLook ? `${event.id}/again` : event.id,
    time: event.time.toISOString(),
    creator: event.creator,
    ...(event.via === undefined ? {} : { via: event.via }),
    type: event.kind.type,
    region: event.call.awsRegion,
    resources: present.slice(0, namedResources).map(({ arn }) => idOf(arn)),
    count: present.length,
    refused,
    lacking,
  };
}

function count(keys: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]));
}

/** The part of an ARN that people know a resource by. */
function idOf(arn: string): string {
  return arn
    .split(':')
    .slice(5)
    .join(':')
    .replace(/^(instance|volume|snapshot|image|table|function)[/:]/, '');
}

/** Longest text of one field; names are the callers' own, and a digest has a limit. */
const fieldLength = 60;

/** Longest line, in characters: a card of Teams has room for those of a digest. */
const lineLength = 250;

/** Describes a notice in one line without formatting. */
export function lineOf(notice: Notice): string {
  const { creator, via, type, region, resources, refused, lacking } = notice;
  const named = resources.slice(0, 2).map(plain).join(', ');
  const rest = notice.count - Math.min(2, resources.length);
  const problems = [
    ...Object.entries(refused).map(([reason, number]) => `${number} not tagged (${plain(reason)})`),
    ...Object.entries(lacking).map(([key, number]) => `${number} without ${plain(key)}`),
  ];
  const text =
    `${plain(type)} in ${plain(region)}: ${named}${rest > 0 ? ` and ${rest} more` : ''}, by ${plain(creator)}` +
    (via === undefined ? '' : ` through ${plain(via)}`) +
    (problems.length === 0 ? '' : `; ${problems.join(', ')}`);
  return cut(text, lineLength);
}

/** Removes line breaks, control characters and marks that change the direction of the text, and shortens it. */
function plain(text: string): string {
  return cut(onOneLine(text).trim(), fieldLength);
}

function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
