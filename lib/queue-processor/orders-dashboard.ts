import { Duration } from 'aws-cdk-lib';
import { Dashboard, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';

export interface OrdersDashboardProps {
  readonly orders: IQueue;
  readonly deadLetters: IQueue;
  readonly fulfilOrder: IFunction;
  /** Where the function's own metrics are: the namespace, and the service that is their one dimension. */
  readonly metrics: { readonly namespace: string; readonly service: string };
}

const period = Duration.minutes(1);

/** Whether orders keep up, on one page: what waits, how long, what became of it, and how the function fares. */
export class OrdersDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OrdersDashboardProps) {
    super(scope, id);
    const { orders, deadLetters, fulfilOrder, metrics } = props;
    const outcomes = ['Fulfilled', 'Backordered', 'Duplicate', 'Failed', 'Untried'].map(
      (metricName) =>
        new Metric({
          namespace: metrics.namespace,
          metricName,
          dimensionsMap: { service: metrics.service },
          statistic: 'Sum',
          period,
        }),
    );
    const waiting = { period, statistic: 'Maximum' };
    const sum = { period, statistic: 'Sum' };
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          graph('Orders waiting', [
            orders.metricApproximateNumberOfMessagesVisible(waiting),
            orders.metricApproximateNumberOfMessagesNotVisible(waiting),
          ]),
          graph('Age of the oldest order (s)', [orders.metricApproximateAgeOfOldestMessage(waiting)]),
          graph('Dead letters', [deadLetters.metricApproximateNumberOfMessagesVisible(waiting)]),
        ],
        [
          graph('What became of orders', outcomes),
          graph('FulfilOrder: batches', [
            fulfilOrder.metricInvocations(sum),
            fulfilOrder.metricErrors(sum),
            fulfilOrder.metricThrottles(sum),
          ]),
          graph('FulfilOrder: duration (ms)', [
            fulfilOrder.metricDuration({ period, statistic: 'p50' }),
            fulfilOrder.metricDuration({ period, statistic: 'p99' }),
          ]),
        ],
      ],
    });
  }
}
