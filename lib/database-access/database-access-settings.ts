import { z } from 'zod';
import { engines, statementSeconds } from '../../lambda/database-access/database-schema';

/** The settings of database-access, as `-c database-access='{…}'` or as the key `database-access` of the context in `cdk.json`. */
export const databaseAccessSettings = z
  .strictObject({
    /** Another engine is another database: it is made empty beside the old one, which is then removed. */
    engine: z.enum(engines).default('postgres'),
    /**
     * Names of availability zones, two or three. By default the first two of the region, in prod the first three; name
     * them where RDS Proxy lacks one of those.
     */
    zones: z.array(z.string().min(1)).min(2).max(3).optional(),
    instanceClass: z
      .string()
      .regex(/^[a-z0-9]+\.[a-z0-9]+$/, 'use a class without its prefix, such as t4g.micro')
      .default('t4g.micro'),
    storageGigabytes: z.int().min(20).max(65_536).default(20),
    /** Storage grows by itself up to this. */
    maxStorageGigabytes: z.int().min(22).max(65_536).default(100),
    /** Where it is absent, the stage decides: on in prod. */
    multiAz: z.boolean().optional(),
    /** Where it is absent, the stage decides: 1 day, 14 in prod. */
    backupDays: z.int().min(1).max(35).optional(),
    /** Connections that the server takes: ten megabytes of memory each, and t4g.micro has one gigabyte. */
    maxConnections: z.int().min(20).max(5_000).default(60),
    /** The share of them that the proxy may hold: the rest is for people, monitoring, and a failover's double use. */
    proxyConnectionsPercent: z.int().min(1).max(90).default(50),
    timeoutSeconds: z.int().min(5).max(900).default(30),
    memoryMegabytes: z.int().min(256).max(10_240).default(512),
    /** How long the proxy looks for a connection before it turns a query away. */
    borrowTimeoutSeconds: z.int().min(1).max(60).default(5),
    /** How long the function waits for an answer: for a connection of the proxy's, and then for the statement. */
    queryTimeoutSeconds: z.int().min(1).max(120).default(14),
    /** An environment that is not used for so long is cut off; it connects again when it is. */
    idleClientMinutes: z.int().min(1).max(480).default(30),
    /** Where it is absent, the stage decides. */
    dashboard: z.boolean().optional(),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const { timeoutSeconds, queryTimeoutSeconds, borrowTimeoutSeconds, maxConnections } = settings;

    const leastQuery = borrowTimeoutSeconds + statementSeconds + 1;
    if (queryTimeoutSeconds < leastQuery) {
      refuse(
        ['queryTimeoutSeconds'],
        `use at least ${leastQuery}: borrowTimeoutSeconds and the ${statementSeconds} s of a statement come first`,
      );
    }
    if (timeoutSeconds < queryTimeoutSeconds + 2) {
      refuse(['timeoutSeconds'], `use at least ${queryTimeoutSeconds + 2}, above queryTimeoutSeconds`);
    }
    if (Math.floor((maxConnections * settings.proxyConnectionsPercent) / 100) < 2) {
      refuse(['proxyConnectionsPercent'], 'use more: the proxy would hold less than two connections');
    }
    if (settings.maxStorageGigabytes < settings.storageGigabytes * 1.1) {
      refuse(['maxStorageGigabytes'], 'use at least 10 % above storageGigabytes, or RDS refuses it');
    }
    if (settings.zones !== undefined && new Set(settings.zones).size < settings.zones.length) {
      refuse(['zones'], 'name each zone once');
    }
  });

export type DatabaseAccessSettings = z.output<typeof databaseAccessSettings>;
