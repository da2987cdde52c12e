import { Duration, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction } from '../constructs/service-function';
import { calledSynchronously } from './order-functions';
import { watchedIndexName, type OrderTables } from './order-tables';

export interface OrderWatchProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly tables: OrderTables;
  readonly stateMachine: IStateMachine;
  readonly namespace: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly lateApprovalSeconds: number;
}

/** How often orders that wait for a person are counted. */
const countedEvery = Duration.minutes(5);

const timeout = Duration.seconds(15);

/**
 * Sees to it that no order stays without an end unnoticed.
 *
 *     execution ended -> EndedExecutions -> MarkEndedOrder -> Orders (needs-attention)
 *     every 5 minutes -> WatchOrders -> metrics -> alarms
 */
export class OrderWatch extends Construct {
  constructor(scope: Construct, id: string, props: OrderWatchProps) {
    super(scope, id);
    const { config, topic, tables, stateMachine } = props;
    const { queue, deadLetters } = new QueueWithDeadLetters(scope, 'EndedExecutions', {
      config,
      topic,
      runbook: 'ended-executions',
      consumerTimeout: timeout,
      batchingWindow: Duration.seconds(0),
      maximumReceives: 5,
      retentionPeriod: Duration.days(4),
    });
    new Rule(this, 'ExecutionEnded', {
      description: 'Executions of orders that ended without being done',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new SqsQueue(queue, { deadLetterQueue: deadLetters, retryAttempts: 185, maxEventAge: Duration.hours(24) }),
      ],
    });
    const make = (name: string, handlerFile: string, description: string, more: object = {}) =>
      new ServiceFunction(scope, name, {
        config,
        topic,
        handlerFile: `order-workflow/${handlerFile}`,
        description,
        timeout,
        memorySize: 256,
        environment: {
          ORDERS_TABLE_NAME: tables.orders.tableName,
          WATCHED_INDEX_NAME: watchedIndexName,
          ...props.environment,
        },
        ...more,
      });

    const markEndedOrder = make('MarkEndedOrder', 'mark-ended-order', 'Marks orders whose execution ended too early');
    calledSynchronously(markEndedOrder);
    markEndedOrder.allow(['dynamodb:UpdateItem'], tables.orders.tableArn);
    markEndedOrder.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn);
    const mapping = new EventSourceMapping(this, 'EndedToMark', {
      target: markEndedOrder.function,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Destinations are for streams: what fails stays in the queue, which sets it aside by its redrive policy.',
    });

    const watchOrders = make('WatchOrders', 'watch-orders', 'Counts orders that wait for a person', {
      retryAttempts: 2,
      maxEventAge: countedEvery,
      onFailure: new SqsDestination(deadLetters),
    });
    watchOrders.allow(['dynamodb:Query'], `${tables.orders.tableArn}/index/${watchedIndexName}`);
    new Rule(this, 'EveryFewMinutes', {
      description: 'Has the orders counted that wait for a person',
      schedule: Schedule.rate(countedEvery),
      targets: [
        new LambdaFunction(watchOrders.function, {
          deadLetterQueue: deadLetters,
          retryAttempts: 2,
          maxEventAge: countedEvery,
        }),
      ],
    });
    this.addAlarms(props);
  }

  private addAlarms({ topic, tables, namespace, lateApprovalSeconds }: OrderWatchProps): void {
    const metric = (metricName: string) =>
      new Metric({
        namespace,
        metricName,
        dimensionsMap: { OrdersTable: tables.orders.tableName },
        statistic: 'Maximum',
        period: countedEvery,
      });
    new RunbookAlarm(this, 'NeedsAttention', {
      topic,
      runbook: 'orders-need-attention',
      meaning: 'An order stopped before its end, or could not be undone.',
      metric: metric('NeedsAttention'),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'ApprovalsOld', {
      topic,
      runbook: 'approvals-old',
      meaning: `An order has waited ${lateApprovalSeconds} s or more for its approval.`,
      metric: metric('OldestApproval'),
      threshold: lateApprovalSeconds,
      evaluationPeriods: 1,
    });
  }
}
