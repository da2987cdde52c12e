import { Duration } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { waitingMetric } from './order-alarms';

export interface OrdersDashboardProps {
  readonly stateMachine: StateMachine;
  readonly chargePayment: IFunction;
  readonly orders: TableV2;
}

const period = Duration.minutes(5);

/** Dashboard: orders started and ended by outcome, their duration, and orders that wait for a person. */
export class OrdersDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OrdersDashboardProps) {
    super(scope, id);
    const { stateMachine, chargePayment, orders } = props;
    const sum = { period, statistic: 'Sum' };
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(24),
      widgets: [
        [
          graph('Orders', [
            stateMachine.metricStarted(sum),
            stateMachine.metricSucceeded(sum),
            stateMachine.metricFailed(sum),
            stateMachine.metricTimedOut(sum),
            stateMachine.metricAborted(sum),
          ]),
          graph('Receipt to end (ms)', [
            stateMachine.metricTime({ period, statistic: 'p50' }),
            stateMachine.metricTime({ period, statistic: 'p99' }),
          ]),
        ],
        [
          graph('Orders that need attention', [
            waitingMetric(orders, 'NeedsAttention'),
            waitingMetric(orders, 'StuckOrders'),
            waitingMetric(orders, 'NotNotified'),
          ]),
          graph('Oldest approval (s)', [waitingMetric(orders, 'OldestApproval')]),
          graph('ChargePayment: calls', [chargePayment.metricInvocations(sum), chargePayment.metricErrors(sum)]),
        ],
      ],
    });
  }
}
