import { z } from 'zod';

/** Options of the poller's process, in a file. */
export const pollerOptionsSchema = z.object({
  /** Endpoint of the emulator. */
  endpoint: z.string(),
  /** File of the emulator's certificate. */
  certificate: z.string(),
  /** Folder of its checkpoints. */
  folder: z.string(),
});
export type PollerOptions = z.infer<typeof pollerOptionsSchema>;

/** Order to the poller, as the body of a request: to crash, or to set its clock ahead. */
export const pollerOrderSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('crash') }),
  z.object({ do: z.literal('set-clock'), secondsAhead: z.number() }),
]);
export type PollerOrder = z.infer<typeof pollerOrderSchema>;

/** Report of the process once it is ready: the URL that takes orders. */
export const pollerReadinessSchema = z.object({ control: z.string() });

export function pollerReadinessFile(folder: string): string {
  return `${folder}.ready.json`;
}
