import { CfnOutput, Duration, Validations, type Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { watchedIndexName } from '../../lambda/order-workflow/order-record';
import type { Config } from '../config';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function';
import { queueTarget } from '../constructs/queue-target';
import { acknowledgeSynchronous, functionRunbook } from './order-functions';
import type { OrderTables } from './order-tables';

export interface OrderWatchProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly tables: OrderTables;
  readonly stateMachine: IStateMachine;
  /** Time after which an order without a status from its execution is stuck. */
  readonly stuckAfterSeconds: number;
}

/** Interval at which orders that wait for a person are counted. */
export const countInterval = Duration.minutes(5);

const timeout = Duration.seconds(15);

/**
 * Detection of orders that never reach a terminal state: their executions' ends are recorded, and waiting orders are counted.
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
  addEndedExecutions(stack, props, queue, deadLetters);
  addWaitingCount(stack, props, deadLetters);
  new CfnOutput(stack, 'EndedExecutionsQueueUrl', { value: queue.queueUrl });
  new CfnOutput(stack, 'EndedExecutionsDeadLettersUrl', { value: deadLetters.queueUrl });
}

function addEndedExecutions(stack: Stack, props: OrderWatchProps, queue: Queue, deadLetters: Queue): void {
  const { tables, stateMachine } = props;
  new Rule(stack, 'ExecutionEnded', {
    description: 'Executions of orders that failed, timed out or were aborted',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    targets: [queueTarget(queue, deadLetters)],
  });
  const markEndedOrder = makeFunction(stack, props, {
    id: 'MarkEndedOrder',
    handlerFile: 'order-workflow/mark-ended-order',
    description: 'Marks orders whose execution ended before a terminal state',
  });
  acknowledgeSynchronous(markEndedOrder);
  markEndedOrder.allow(['dynamodb:UpdateItem'], tables.orders.tableArn);
  // Before the mapping: Lambda checks these permissions when the mapping is created.
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
    reason:
      'Destinations are for streams: a failed message stays in the queue, whose redrive policy moves it to the dead-letter queue.',
  });
}

function addWaitingCount(stack: Stack, props: OrderWatchProps, deadLetters: Queue): void {
  const { orders } = props.tables;
  const watchOrders = makeFunction(stack, props, {
    id: 'WatchOrders',
    handlerFile: 'order-workflow/watch-orders',
    description: 'Counts orders that wait for a person',
    environment: { WATCHED_INDEX_NAME: watchedIndexName, STUCK_AFTER_SECONDS: String(props.stuckAfterSeconds) },
    retryAttempts: 2,
    maxEventAge: countInterval,
    // CDK's SqsDestination grants three actions, and Lambda uses one.
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
  watchOrders.allow(['sqs:SendMessage'], deadLetters.queueArn);
  watchOrders.allow(['dynamodb:Query'], `${orders.tableArn}/index/${watchedIndexName}`);
  new Rule(stack, 'EveryFewMinutes', {
    description: 'Counts the orders that wait for a person',
    schedule: Schedule.rate(countInterval),
    targets: [
      new LambdaFunction(watchOrders.function, {
        deadLetterQueue: deadLetters,
        retryAttempts: 2,
        maxEventAge: countInterval,
      }),
    ],
  });
}

type FunctionOptions = Pick<
  ServiceFunctionProps,
  'handlerFile' | 'description' | 'environment' | 'retryAttempts' | 'maxEventAge' | 'onFailure'
> & { readonly id: string };

/** Creates a function in the stack's own scope, so that its name begins with the construct id. */
const makeFunction = (
  stack: Stack,
  props: OrderWatchProps,
  { id, environment: more, ...others }: FunctionOptions,
): ServiceFunction =>
  new ServiceFunction(stack, id, {
    config: props.config,
    topic: props.topic,
    timeout,
    memorySize: 256,
    runbook: functionRunbook,
    environment: { ORDERS_TABLE_NAME: props.tables.orders.tableName, ...more },
    ...others,
  });
