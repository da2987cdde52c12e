import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Config } from '../config';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction } from '../constructs/service-function';
import { functionRunbook } from './approval-functions';

export interface AuditEventsProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly audit: TableV2;
  readonly eventBus: EventBus;
}

/** Age of an entry at which its event is late. */
const late = Duration.minutes(15);

/** Publishes each entry of the audit table from its stream, until EventBridge has taken it. */
export function addAuditEvents(stack: Stack, { config, topic, audit, eventBus }: AuditEventsProps): ServiceFunction {
  const publishEntries = new ServiceFunction(stack, 'PublishEntries', {
    config,
    topic,
    handlerFile: 'approval-workflow/publish-entries',
    description: 'Publishes changes of requests',
    timeout: Duration.seconds(30),
    memorySize: 256,
    runbook: functionRunbook,
    environment: { EVENT_BUS_NAME: eventBus.eventBusName },
  });
  const eventSourceArn = audit.tableStreamArn ?? '';
  publishEntries.allow(['events:PutEvents'], eventBus.eventBusArn);
  publishEntries.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], eventSourceArn);
  // Lambda asks for it when it creates the mapping, and it takes no resource:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
  publishEntries.allow(['dynamodb:ListStreams'], '*');
  Validations.of(publishEntries.role).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'dynamodb:ListStreams and X-Ray take no narrower resource than all of them.',
  });
  const mapping = new EventSourceMapping(stack, 'AuditToPublishEntries', {
    target: publishEntries.function,
    eventSourceArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    reportBatchItemFailures: true,
    // Entries never change. One that a person deletes has no new image.
    filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT') })],
  });
  mapping.node.addDependency(publishEntries.role);
  Validations.of(mapping).acknowledge({
    id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
    reason:
      'Entries are retried for as long as the stream has them, and the table keeps them: there is nothing to set aside.',
  });
  Validations.of(publishEntries.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'The mapping invokes it synchronously, and repeats a batch until all of it is published.',
  });
  new RunbookAlarm(stack, 'EventsNotPublished', {
    topic,
    runbook: 'events-not-published',
    meaning: `An audit entry is not on the event bus after ${late.toMinutes()} minutes.`,
    metric: publishEntries.function.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
    threshold: late.toMilliseconds(),
    evaluationPeriods: 3,
  });
  return publishEntries;
}
