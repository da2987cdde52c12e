import { Duration } from 'aws-cdk-lib';
import { Dashboard, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnDBProxy, DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { serviceMetric } from '../constructs/service-metric';
import { proxyMetric } from './database-alarms';

export interface DatabaseDashboardProps {
  readonly dataProcessor: IFunction;
  readonly proxy: CfnDBProxy;
  readonly instance: DatabaseInstance;
}

const period = Duration.minutes(1);

/** Dashboard of requests, connections, and the server's remaining resources. */
export class DatabaseDashboard extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseDashboardProps) {
    super(scope, id);
    const { dataProcessor, proxy, instance } = props;
    const sum = { period, statistic: 'Sum' };
    const outcomes = ['Inserted', 'Duplicates', 'Conflicts', 'Retried'].map((metricName) =>
      serviceMetric(this, metricName, sum),
    );
    const connections = (name: string): Metric => proxyMetric(proxy, name);
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          graph('What became of records', outcomes),
          graph('DataProcessor: invocations', [
            dataProcessor.metricInvocations(sum),
            dataProcessor.metricErrors(sum),
            dataProcessor.metricThrottles(sum),
          ]),
          graph('DataProcessor: duration (ms)', [
            dataProcessor.metricDuration({ period, statistic: 'p50' }),
            dataProcessor.metricDuration({ period, statistic: 'p99' }),
          ]),
        ],
        [
          graph('Proxy: connections', [connections('ClientConnections'), connections('DatabaseConnections')]),
          graph('Proxy: pinned', [connections('DatabaseConnectionsCurrentlySessionPinned')]),
          graph('Proxy: wait for a connection (µs)', [
            proxyMetric(proxy, 'DatabaseConnectionsBorrowLatency', 'Average'),
          ]),
        ],
        [
          graph('Database: processor (%)', [instance.metricCPUUtilization({ period })]),
          graph('Database: memory left', [instance.metricFreeableMemory({ period })]),
          graph('Database: storage left', [instance.metricFreeStorageSpace({ period })]),
        ],
      ],
    });
  }
}
