import { Duration } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { serviceMetric } from '../constructs/service-metric';

export interface FulfilmentDashboardProps {
  readonly orders: IQueue;
  readonly deadLetters: IQueue;
  readonly fulfilOrder: IFunction;
}

const period = Duration.minutes(1);

/** Dashboard of the queue: waiting orders, their age, their outcomes, and the function's invocations. */
export class FulfilmentDashboard extends Construct {
  constructor(scope: Construct, id: string, props: FulfilmentDashboardProps) {
    super(scope, id);
    const { orders, deadLetters, fulfilOrder } = props;
    const waiting = { period, statistic: 'Maximum' };
    const sum = { period, statistic: 'Sum' };
    const outcomes = ['Fulfilled', 'Backordered', 'Duplicate', 'Failed', 'Untried'].map((metricName) =>
      serviceMetric(this, metricName, sum),
    );
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
          graph('Outcomes of orders', outcomes),
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
