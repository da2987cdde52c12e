import { z } from 'zod';
import { pagingSchema } from '../../lambda/etl-pipeline/api-pages';

/** Setting of the extract from an API. */
export const extractSettings = z.strictObject({
  /** Name of the dataset of its records; the format must be `jsonl`. */
  dataset: z.string(),
  url: z.string().regex(/^https:\/\/[^\s#@]+$/, 'use a URL that begins with https://, without a name and a fragment'),
  paging: pagingSchema,
  requestsPerSecond: z.number().positive().max(100).default(2),
  everyHours: z.int().min(1).max(24).default(24),
});

export type ExtractSettings = z.output<typeof extractSettings>;
