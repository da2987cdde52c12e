import { Duration } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { countMetric, noticesMetric } from './machine-watch';

export interface ApprovalDashboardProps {
  readonly stateMachine: StateMachine;
  readonly requests: TableV2;
  readonly unended: IQueue;
  readonly launchMachine: IFunction;
  readonly endMachine: IFunction;
}

const period = Duration.minutes(5);

/** Dashboard of requests and machines: rounds by their end, launches and ends, and what needs a person. */
export class ApprovalDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ApprovalDashboardProps) {
    super(scope, id);
    const { stateMachine, requests, unended, launchMachine, endMachine } = props;
    const sum = { period, statistic: 'Sum' };
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(24),
      widgets: [
        [
          graph('Rounds of requests', [
            stateMachine.metricStarted(sum),
            stateMachine.metricSucceeded(sum),
            stateMachine.metricFailed(sum),
          ]),
          graph('LaunchMachine', [launchMachine.metricInvocations(sum), launchMachine.metricErrors(sum)]),
          graph('EndMachine', [endMachine.metricInvocations(sum), endMachine.metricErrors(sum)]),
        ],
        [
          graph('Machines and requests that differ', [
            countMetric(requests, 'MachinesWithoutRequest'),
            countMetric(requests, 'RequestsWithoutMachine'),
          ]),
          graph('Late or stuck', [countMetric(requests, 'OverdueMachines'), countMetric(requests, 'StuckRequests')]),
          graph('Failed for good', [
            unended.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
            noticesMetric(requests),
          ]),
        ],
      ],
    });
  }
}
