import { z } from 'zod';
import { pagingSchema } from '../../lambda/etl-pipeline/api-pages';

/** Setting of the extract from an API. */
export const extractSettings = z.strictObject({
  dataset: z.string().describe('Dataset of the records, with `"format": "jsonl"`.'),
  url: z
    .string()
    .regex(/^https:\/\/[^\s#@]+$/, 'use a URL that begins with https://, without a name and a fragment')
    .describe('URL of the first page, with a query if it needs one.'),
  paging: pagingSchema.register(z.globalRegistry, {
    description: 'Style of the pages and places in an answer; see Extract.',
  }),
  requestsPerSecond: z.number().positive().max(100).default(2).describe('Most requests to the API.'),
  everyHours: z.int().min(1).max(24).default(24).describe('Time between the starts of two runs.'),
});

export type ExtractSettings = z.output<typeof extractSettings>;
