import { Duration, type Stack } from 'aws-cdk-lib';
import { TreatMissingData, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { serviceMetric } from '../constructs/service-metric';
import { countInterval } from './order-watch';

export interface OrderAlarmsProps {
  readonly topic: ITopic;
  readonly orders: TableV2;
  readonly lateApprovalSeconds: number;
}

/** Two intervals: every period has a data point, though a count may come late. */
const period = Duration.minutes(2 * countInterval.toMinutes());

/** Metric that WatchOrders publishes. */
export function waitingMetric(
  orders: TableV2,
  metricName: 'NeedsAttention' | 'NotNotified' | 'OldestApproval' | 'StuckOrders',
): Metric {
  const dimensionsMap = { OrdersTable: orders.tableName };
  return serviceMetric(orders, metricName, { dimensionsMap, statistic: 'Maximum', period });
}

/** Adds the alarms on orders that wait for a person, or for too long. */
export function addOrderAlarms(stack: Stack, { topic, orders, lateApprovalSeconds }: OrderAlarmsProps): void {
  const alarms = [
    {
      id: 'NeedsAttention',
      metric: waitingMetric(orders, 'NeedsAttention'),
      runbook: 'orders-need-attention',
      meaning: 'An order stopped before a terminal state, or its compensation failed.',
      threshold: 1,
    },
    {
      id: 'StuckOrders',
      metric: waitingMetric(orders, 'StuckOrders'),
      runbook: 'orders-stuck',
      meaning: 'An order has had no final status for longer than its execution may take.',
      threshold: 1,
    },
    {
      id: 'NotNotified',
      metric: waitingMetric(orders, 'NotNotified'),
      runbook: 'customers-not-notified',
      meaning: 'A customer could not be notified of the outcome of an order.',
      threshold: 1,
    },
    {
      id: 'ApprovalsOld',
      metric: waitingMetric(orders, 'OldestApproval'),
      runbook: 'approvals-old',
      meaning: `An order has waited ${lateApprovalSeconds} s or longer for its approval.`,
      threshold: lateApprovalSeconds,
    },
  ];
  for (const { id, ...alarm } of alarms) {
    // Without data the state stays: the alarm neither ends nor begins because a count is missing.
    new RunbookAlarm(stack, id, { topic, ...alarm, evaluationPeriods: 1, treatMissingData: TreatMissingData.IGNORE });
  }
}
