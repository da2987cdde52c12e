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

/** Report of the process once it is ready: the URL at which a request crashes the poller. */
export const pollerReadinessSchema = z.object({ control: z.string() });

export function pollerReadinessFile(folder: string): string {
  return `${folder}.ready.json`;
}
