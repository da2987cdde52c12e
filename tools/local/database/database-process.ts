import { z } from 'zod';
import { requiredDatabaseSchema } from './required-database';

/** Options of the database's process, in a file that only its owner may read. */
export const processOptionsSchema = z.object({
  ...requiredDatabaseSchema.shape,
  /** Port of the stand-in for RDS Proxy. */
  proxyPort: z.int(),
  serverPort: z.int(),
  folder: z.string(),
  log: z.string(),
  certificate: z.string(),
  key: z.string(),
  credentialsFolder: z.string(),
  /** Endpoint of the emulator. */
  endpoint: z.string(),
  proxyId: z.string(),
  ownerPassword: z.string(),
});
export type ProcessOptions = z.infer<typeof processOptionsSchema>;

/** Report of the process once it is ready. */
export const readinessSchema = z.object({
  /** URL of the control server; contains a secret, since whoever knows it can kill the database. */
  control: z.string(),
});
export type Readiness = z.infer<typeof readinessSchema>;

/** File of that report. */
export function readinessFile(folder: string): string {
  return `${folder}.ready.json`;
}
