import * as z from 'zod/mini';
import { datasetSchema, type Dataset } from './dataset';

/** Folder of the Incoming bucket whose objects are processed. */
export const incomingPrefix = 'incoming/';

/** Event of S3 through EventBridge: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const eventSchema = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      /** Not URL-encoded, unlike in S3's own notifications. */
      key: z.string(),
      'version-id': z.optional(z.string()),
      sequencer: z._default(z.string(), ''),
    }),
  }),
  /** Of a replay: the execution that it follows. */
  replaces: z.optional(z.string()),
});

/** Input of the first step. */
export const claimInputSchema = z.object({
  event: eventSchema,
  datasets: z.array(datasetSchema),
  execution: z.object({ id: z.string(), startedAt: z.string() }),
});

/** Dataset whose folder a key is in; the longest prefix counts. */
export function datasetOf(key: string, datasets: readonly Dataset[]): Dataset | undefined {
  const [first] = datasets
    .filter(({ prefix }) => key.startsWith(incomingPrefix + prefix))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  // A folder that a console makes is an object whose key ends in a slash.
  return key.endsWith('/') ? undefined : first;
}
