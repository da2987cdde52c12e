import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, type CreateAlarmOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { DatabaseInstance, CfnDBProxy } from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import type { DatabaseAccessSettings } from './database-access-settings';
import { instanceClassFacts } from './instance-class';

export interface DatabaseAlarmsProps {
  readonly topic: ITopic;
  readonly settings: DatabaseAccessSettings;
  readonly instance: DatabaseInstance;
  readonly proxy: CfnDBProxy;
}

const gibibyte = 1024 ** 3;

/** Share of the memory that has to be free. IAM authentication alone needs some 300 MB. */
const freeMemoryShare = 0.1;
const period = Duration.minutes(1);

/** Concurrently connected environments; below the account's usual concurrency limit of 1,000. */
const manyClients = 500;

/** Alarms for a database or proxy that is about to reach a limit. */
export class DatabaseAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    const { topic, settings, instance, proxy } = props;
    const add = (name: string, runbook: string, meaning: string, metric: Metric, limit: Limit): void => {
      new RunbookAlarm(this, name, { topic, runbook, meaning, metric, ...limit });
    };
    const connections = Math.ceil(settings.maxConnections * 0.85);
    const { memoryGibibytes = 1, creditsPerHour } = instanceClassFacts(settings.instanceClass);
    const freeMemory = Math.round(memoryGibibytes * gibibyte * freeMemoryShare);
    const below = { comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD };

    add(
      'Clients',
      'proxy-clients-high',
      `${manyClients} environments or more are connected to the proxy.`,
      proxyMetric(proxy, 'ClientConnections'),
      { threshold: manyClients, evaluationPeriods: 5 },
    );
    add(
      'Pinned',
      'proxy-pinned-high',
      'Connections of the proxy are pinned to single environments.',
      proxyMetric(proxy, 'DatabaseConnectionsCurrentlySessionPinned'),
      { threshold: 1, evaluationPeriods: 5 },
    );
    add(
      'Processor',
      'database-cpu-high',
      'The database has used 80 % of its processor or more for ten minutes.',
      instance.metricCPUUtilization({ period, statistic: 'Average' }),
      { threshold: 80, evaluationPeriods: 10 },
    );
    add(
      'Storage',
      'database-storage-low',
      'The database has less than 2 GB of storage left.',
      instance.metricFreeStorageSpace({ period, statistic: 'Minimum' }),
      { threshold: 2 * gibibyte, evaluationPeriods: 5, ...below },
    );
    add(
      'Memory',
      'database-memory-low',
      `The database has less than ${Math.round(freeMemory / 1024 ** 2)} MiB of memory left, a tenth of what ${settings.instanceClass} has.`,
      instance.metricFreeableMemory({ period, statistic: 'Minimum' }),
      { threshold: freeMemory, evaluationPeriods: 10, ...below },
    );
    add(
      'Connections',
      'database-connections-high',
      `${connections} of the server's ${settings.maxConnections} connections or more are taken.`,
      instance.metricDatabaseConnections({ period, statistic: 'Maximum' }),
      { threshold: connections, evaluationPeriods: 5 },
    );
    if (creditsPerHour !== undefined) {
      add(
        'Credits',
        'database-credits-low',
        `${settings.instanceClass} has used the CPU credits of half a day in advance; more than those of a day are charged.`,
        // T3 and T4g run in unlimited mode and begin with no credits, so that a low balance says little:
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html
        instance.metric('CPUSurplusCreditBalance', { period: Duration.minutes(5), statistic: 'Maximum' }),
        { threshold: 12 * creditsPerHour, evaluationPeriods: 3 },
      );
    }
  }
}

type Limit = Pick<CreateAlarmOptions, 'threshold' | 'evaluationPeriods' | 'comparisonOperator'>;

/**
 * Number of connections of the proxy. Its nodes report their own, once a minute, so the sum is the proxy's number.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html
 */
export function proxyMetric(proxy: CfnDBProxy, metricName: string, statistic = 'Sum'): Metric {
  return new Metric({ namespace: 'AWS/RDS', metricName, dimensionsMap: { ProxyName: proxy.ref }, statistic, period });
}
