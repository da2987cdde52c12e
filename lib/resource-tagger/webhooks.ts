import { CfnOutput, Duration, Validations, type Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, type EventSourceMappingProps } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Channels } from '../../lambda/resource-tagger/channels';
import type { Config } from '../config';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { ServiceFunction } from '../constructs/service-function';
import { tableDefaults, textKey } from '../constructs/table-defaults';
import type { WebhookSettings } from './resource-tagger-settings';

export interface WebhooksProps {
  readonly config: Config;
  /** Topic of the alarms. */
  readonly topic: ITopic;
  readonly notices: ITopic;
  readonly webhooks: WebhookSettings;
  readonly retryBaseSeconds: number;
}

/** Attempts for a notice: with delays of up to 15 minutes between them, a receiver may be down for half a day. */
const maximumReceives = 60;

/** Notices of a digest. */
const batchSize = 100;

/**
 * Posts digests of the notices to webhooks, each channel from a queue of its own, so that one that is down does not delay the other.
 *
 *     Notices -> SlackNotices, TeamsNotices -> PostNotices -> webhooks
 *                  |                               +-> Deliveries
 *                  +-> dead letters -> alarm
 */
export function addWebhooks(stack: Stack, props: WebhooksProps): void {
  const { config, topic, webhooks } = props;
  const { slackSecretName, teamsSecretName, secretKeyArn } = webhooks;
  const timeout = Duration.seconds(2 * webhooks.timeoutSeconds + 10);
  const queueProps = {
    config,
    topic,
    runbook: 'notices-dead-letters',
    consumerTimeout: timeout,
    batchingWindow: Duration.seconds(webhooks.digestSeconds),
    maximumReceives,
    // Longer than all attempts with the longest pauses, which are 7.5 days.
    retentionPeriod: Duration.days(10),
  };
  const slack = slackSecretName === undefined ? undefined : new QueueWithDeadLetters(stack, 'SlackNotices', queueProps);
  const teams = teamsSecretName === undefined ? undefined : new QueueWithDeadLetters(stack, 'TeamsNotices', queueProps);
  const deliveries = new TableV2(stack, 'Deliveries', {
    ...tableDefaults(config),
    partitionKey: textKey('id'),
    timeToLiveAttribute: 'expiresAt',
  });
  const channels: Channels = {
    ...(slack && slackSecretName ? { slack: { queueUrl: slack.queue.queueUrl, secretName: slackSecretName } } : {}),
    ...(teams && teamsSecretName ? { teams: { queueUrl: teams.queue.queueUrl, secretName: teamsSecretName } } : {}),
  };
  const postNotices = new ServiceFunction(stack, 'PostNotices', {
    config,
    topic,
    handlerFile: 'resource-tagger/post-notices',
    description: 'Posts digests of new resources to webhooks',
    timeout,
    memorySize: 256,
    environment: {
      CHANNELS: stack.toJsonString(channels),
      DELIVERIES_TABLE_NAME: deliveries.tableName,
      WEBHOOK_TIMEOUT_MILLISECONDS: String(webhooks.timeoutSeconds * 1_000),
      LEASE_SECONDS: String(timeout.toSeconds() + 5),
      RETRY_BASE_SECONDS: String(props.retryBaseSeconds),
    },
  });
  postNotices.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], deliveries.tableArn);
  for (const secretName of [slackSecretName, teamsSecretName]) {
    if (secretName === undefined) continue;
    // Secrets Manager adds six characters to the name.
    const resource = `secret:${secretName}-??????`;
    postNotices.allow(
      ['secretsmanager:GetSecretValue'],
      `arn:${stack.partition}:secretsmanager:${stack.region}:${stack.account}:${resource}`,
    );
    Validations.of(postNotices.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:${resource}]`,
      reason: 'The setting has the name of the secret, and its ARN has six more characters.',
    });
  }
  // The key's own policy must allow the account or this role too.
  if (secretKeyArn !== undefined) postNotices.allow(['kms:Decrypt'], secretKeyArn);
  for (const one of [slack, teams]) {
    if (one !== undefined) subscribe(one, postNotices, props.notices);
  }
  // Created after the grants above: Lambda checks them when a mapping is created.
  const consuming = (queue: Queue): EventSourceMappingProps => ({
    target: postNotices.function,
    eventSourceArn: queue.queueArn,
    batchSize,
    maxBatchingWindow: Duration.seconds(webhooks.digestSeconds),
    maxConcurrency: 2,
    reportBatchItemFailures: true,
  });
  const mappings = [
    slack && new EventSourceMapping(stack, 'SlackNoticesToPostNotices', consuming(slack.queue)),
    teams && new EventSourceMapping(stack, 'TeamsNoticesToPostNotices', consuming(teams.queue)),
  ];
  for (const mapping of mappings) {
    if (mapping === undefined) continue;
    Validations.of(mapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Destinations are for streams: a failed message stays in the queue and goes to its dead-letter queue.',
    });
  }
  Validations.of(postNotices.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'It is never invoked asynchronously: the queues see each failure.',
  });
  new CfnOutput(stack, 'PostNoticesFunctionName', { value: postNotices.function.functionName });
  if (slack) {
    new CfnOutput(stack, 'SlackNoticesQueueUrl', { value: slack.queue.queueUrl });
    new CfnOutput(stack, 'SlackDeadLettersUrl', { value: slack.deadLetters.queueUrl });
  }
  if (teams) {
    new CfnOutput(stack, 'TeamsNoticesQueueUrl', { value: teams.queue.queueUrl });
    new CfnOutput(stack, 'TeamsDeadLettersUrl', { value: teams.deadLetters.queueUrl });
  }
}

/** Fills a queue with the notices; those that SNS cannot deliver go to its dead letters too. */
function subscribe({ queue, deadLetters }: QueueWithDeadLetters, by: ServiceFunction, notices: ITopic): void {
  notices.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true, deadLetterQueue: deadLetters }));
  by.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn);
  by.allow(['sqs:ChangeMessageVisibility'], queue.queueArn);
}
