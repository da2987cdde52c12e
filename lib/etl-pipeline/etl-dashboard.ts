import { Duration } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { metricOf } from './etl-alarms';

export interface EtlDashboardProps {
  readonly rows: TableV2;
  readonly stateMachine: StateMachine;
}

/** Dashboard: files by how they ended, rows by verdict, rejects, duration and backlog. */
export class EtlDashboard extends Construct {
  constructor(scope: Construct, id: string, props: EtlDashboardProps) {
    super(scope, id);
    const { rows, stateMachine } = props;
    const period = Duration.minutes(5);
    const sum = { statistic: 'Sum', period };
    const most = { statistic: 'Maximum', period };
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(24),
      widgets: [
        [
          graph('Files', [
            metricOf('LoadedFiles', rows, sum),
            metricOf('QuarantinedFiles', rows, sum),
            metricOf('FailedFiles', rows, sum),
          ]),
          graph('Rows', [
            metricOf('LoadedRows', rows, sum),
            metricOf('UnchangedRows', rows, sum),
            metricOf('OlderRows', rows, sum),
            metricOf('RejectedRows', rows, sum),
          ]),
          graph('Rejected rows of a file (%)', [metricOf('RejectPercent', rows, most)]),
        ],
        [
          graph('Event to end (ms)', [
            stateMachine.metricTime({ period, statistic: 'p50' }),
            stateMachine.metricTime({ period, statistic: 'p99' }),
          ]),
          graph('Open files', [metricOf('OpenFiles', rows, most)]),
          graph('Oldest open file (s)', [metricOf('OldestOpenFile', rows, most)]),
        ],
      ],
    });
  }
}
