import * as z from 'zod/mini';

/** Settings that the stack passes to the function as JSON; the stack checks them. */
export const taggerSettingsSchema = z.object({
  tagKeys: z.object({ creator: z.string(), createdAt: z.string(), eventId: z.string(), costCenter: z.string() }),
  costCenters: z.record(z.string(), z.string()),
  requiredTags: z.array(z.string()),
  /** Time for which a new resource may be invisible. */
  consistencySeconds: z.number(),
  /** Delay of the second look for attachments of instances. */
  lookAgainSeconds: z.number(),
});

export type TaggerSettings = z.output<typeof taggerSettingsSchema>;
