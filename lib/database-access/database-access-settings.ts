import { z } from 'zod';
import { engines, statementSeconds } from '../../lambda/database-access/database-schema';

/** Settings of database-access: `-c database-access='{…}'`, or the key `database-access` of the context in `cdk.json`. */
export const databaseAccessSettings = z
  .strictObject({
    engine: z
      .enum(engines)
      .default('postgres')
      .describe('Another engine is another database: CloudFormation creates it empty and then removes the old one.'),
    ownerPassword: z
      .enum(['none', 'managed'])
      .default('none')
      .describe(
        'Password of the owner on PostgreSQL. managed is for stacks that were deployed with one: it leaves the instance as it is, and the proxy logs the owner in by IAM all the same. On MySQL RDS always manages one.',
      ),
    zones: z
      .array(z.string().min(1))
      .min(2)
      .max(3)
      .optional()
      .describe(
        'Names of two or three availability zones, for regions where RDS Proxy is missing in one of the first. They cannot be changed once the stack is deployed. Default: the first two of the region, in prod the first three.',
      ),
    instanceClass: z
      .string()
      .regex(/^[a-z0-9]+\.[a-z0-9]+$/, 'use a class without its prefix, such as t4g.micro')
      .default('t4g.micro')
      .describe('Class without its prefix `db.`; t4g.micro has 1 GB of memory.'),
    storageGigabytes: z.int().min(20).max(65_536).default(20).describe('Initial storage; it grows by itself.'),
    maxStorageGigabytes: z.int().min(22).max(65_536).default(100).describe('Limit of automatic storage growth.'),
    multiAz: z.boolean().optional().describe('Standby in a second zone. Default: on in prod.'),
    backupDays: z
      .int()
      .min(1)
      .max(35)
      .optional()
      .describe('Days that automated backups are kept. Default: 1, in prod 14.'),
    maxConnections: z
      .int()
      .min(20)
      .max(5_000)
      .default(60)
      .describe('Connections that the server accepts, about 10 MB of memory each; t4g.micro has 1 GB.'),
    proxyConnectionsPercent: z
      .int()
      .min(1)
      .max(90)
      .default(50)
      .describe(
        'Share of them for the proxy; the rest is for operators, monitoring, and the double use during a failover.',
      ),
    timeoutSeconds: z.int().min(5).max(900).default(30).describe('Longest duration of a call.'),
    memoryMegabytes: z.int().min(256).max(10_240).default(512).describe('CPU grows in proportion to it.'),
    borrowTimeoutSeconds: z
      .int()
      .min(1)
      .max(60)
      .default(5)
      .describe('Longest time that the proxy waits for a free connection before it fails a query.'),
    queryTimeoutSeconds: z
      .int()
      .min(1)
      .max(120)
      .default(14)
      .describe("Longest time that the function waits for an answer, including the proxy's wait for a connection."),
    idleClientMinutes: z
      .int()
      .min(1)
      .max(480)
      .default(30)
      .describe('Idle time after which the proxy disconnects an environment; it reconnects on the next use.'),
    dashboard: z.boolean().optional().describe('CloudWatch dashboard. Default: on in prod.'),
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
