import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule, type IRuleTarget } from 'aws-cdk-lib/aws-events';
import { addToDeadLetterQueueResourcePolicy, LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Config } from '../config';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function';
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
export function addOrderWatch(stack: Stack, props: OrderWatchProps): void {
  const { config, topic } = props;
  const { queue, deadLetters } = new QueueWithDeadLetters(stack, 'EndedExecutions', {
    config,
    topic,
    runbook: 'ended-executions',
    consumerTimeout: timeout,
    batchingWindow: Duration.seconds(0),
    maximumReceives: 5,
    retentionPeriod: Duration.days(4),
  });
  addEnded(stack, props, queue, deadLetters);
  addCount(stack, props, deadLetters);
  addAlarms(stack, props);
}

function addEnded(stack: Stack, props: OrderWatchProps, queue: Queue, deadLetters: Queue): void {
  const { tables, stateMachine } = props;
  new Rule(stack, 'ExecutionEnded', {
    description: 'Executions of orders that ended without being done',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    targets: [sentTo(queue, deadLetters)],
  });
  const markEndedOrder = makeFunction(stack, props, {
    id: 'MarkEndedOrder',
    handlerFile: 'order-workflow/mark-ended-order',
    description: 'Marks orders whose execution ended too early',
  });
  calledSynchronously(markEndedOrder);
  markEndedOrder.allow(['dynamodb:UpdateItem'], tables.orders.tableArn);
  // Before the mapping: Lambda looks at these rights when it is made.
  markEndedOrder.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn);
  const mapping = new EventSourceMapping(stack, 'EndedToMark', {
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
}

/** A target of our own: SqsQueue allows three actions, EventBridge uses one. */
function sentTo(queue: Queue, deadLetterQueue: Queue): IRuleTarget {
  return {
    bind(rule) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleRef.ruleArn } },
        }),
      );
      addToDeadLetterQueueResourcePolicy(rule, deadLetterQueue);
      return {
        arn: queue.queueArn,
        deadLetterConfig: { arn: deadLetterQueue.queueArn },
        retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
      };
    },
  };
}

function addCount(stack: Stack, props: OrderWatchProps, deadLetters: Queue): void {
  const { orders } = props.tables;
  const watchOrders = makeFunction(stack, props, {
    id: 'WatchOrders',
    handlerFile: 'order-workflow/watch-orders',
    description: 'Counts orders that wait for a person',
    environment: { WATCHED_INDEX_NAME: watchedIndexName },
    retryAttempts: 2,
    maxEventAge: countedEvery,
    // A destination of our own: SqsDestination grants three actions, Lambda uses one.
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
  watchOrders.allow(['sqs:SendMessage'], deadLetters.queueArn);
  watchOrders.allow(['dynamodb:Query'], `${orders.tableArn}/index/${watchedIndexName}`);
  new Rule(stack, 'EveryFewMinutes', {
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
}

type Part = Pick<
  ServiceFunctionProps,
  'handlerFile' | 'description' | 'environment' | 'retryAttempts' | 'maxEventAge' | 'onFailure'
> & { readonly id: string };

/** Makes a function in the stack itself, so that it is found under its own name. */
const makeFunction = (stack: Stack, props: OrderWatchProps, { id, environment, ...others }: Part): ServiceFunction =>
  new ServiceFunction(stack, id, {
    config: props.config,
    topic: props.topic,
    timeout,
    memorySize: 256,
    environment: { ORDERS_TABLE_NAME: props.tables.orders.tableName, ...environment, ...props.environment },
    ...others,
  });

function addAlarms(stack: Stack, { topic, tables, namespace, lateApprovalSeconds }: OrderWatchProps): void {
  const metric = (metricName: string) =>
    new Metric({
      namespace,
      metricName,
      dimensionsMap: { OrdersTable: tables.orders.tableName },
      statistic: 'Maximum',
      period: countedEvery,
    });
  new RunbookAlarm(stack, 'NeedsAttention', {
    topic,
    runbook: 'orders-need-attention',
    meaning: 'An order stopped before its end, or could not be undone.',
    metric: metric('NeedsAttention'),
    threshold: 1,
    evaluationPeriods: 1,
  });
  new RunbookAlarm(stack, 'ApprovalsOld', {
    topic,
    runbook: 'approvals-old',
    meaning: `An order has waited ${lateApprovalSeconds} s or more for its approval.`,
    metric: metric('OldestApproval'),
    threshold: lateApprovalSeconds,
    evaluationPeriods: 1,
  });
}
