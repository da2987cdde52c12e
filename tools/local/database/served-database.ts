import { z } from 'zod';

/** What the process of the database is told, in a file that its owner alone may read. */
export const servedDatabaseSchema = z.object({
  engine: z.enum(['postgres', 'mysql']),
  /** Of the stand-in for RDS Proxy. */
  proxyPort: z.int(),
  serverPort: z.int(),
  folder: z.string(),
  log: z.string(),
  certificate: z.string(),
  key: z.string(),
  callers: z.string(),
  /** The emulator's. */
  endpoint: z.string(),
  proxyId: z.string(),
  owner: z.string(),
  ownerPassword: z.string(),
  database: z.string(),
  maxConnections: z.int(),
  mostConnections: z.int(),
  borrowMilliseconds: z.int(),
});
export type ServedDatabase = z.infer<typeof servedDatabaseSchema>;

/** What it says once it serves. */
export const servingSchema = z.object({
  /** Where it takes requests; holds a secret, since it lets whoever has it kill the server. */
  control: z.string(),
});
export type Serving = z.infer<typeof servingSchema>;

/** Where it says so. */
export function servingFile(folder: string): string {
  return `${folder}.serving.json`;
}
