import { Duration } from 'aws-cdk-lib';
import { Dashboard, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';

export interface OrdersDashboardProps {
  readonly stateMachine: StateMachine;
  readonly chargePayment: IFunction;
  /** Where the figures of orders that wait for a person are. */
  readonly watched: { readonly namespace: string; readonly ordersTableName: string };
}

const period = Duration.minutes(5);

/** How orders fare, on one page: how many begin and end and how, how long they take, and which wait for a person. */
export class OrdersDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OrdersDashboardProps) {
    super(scope, id);
    const { stateMachine, chargePayment, watched } = props;
    const sum = { period, statistic: 'Sum' };
    const waiting = (metricName: string) =>
      new Metric({
        namespace: watched.namespace,
        metricName,
        dimensionsMap: { OrdersTable: watched.ordersTableName },
        statistic: 'Maximum',
        period,
      });
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
          graph('Orders that need attention', [waiting('NeedsAttention')]),
          graph('Oldest approval (s)', [waiting('OldestApproval')]),
          graph('ChargePayment: calls', [chargePayment.metricInvocations(sum), chargePayment.metricErrors(sum)]),
        ],
      ],
    });
  }
}
