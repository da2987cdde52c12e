import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { TaggerSettings } from '../../lambda/resource-tagger/tagger-settings';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { MessageTopic } from '../constructs/message-topic';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { ServiceFunction } from '../constructs/service-function';
import { addCreationRule } from './creation-rule';
import { addManagementTrail } from './management-trail';
import type { ResourceTaggerSettings } from './resource-tagger-settings';
import { allowTagging } from './tagging-permissions';
import { addWebhooks } from './webhooks';

/** Attempts for a message: with the delays between them they outlast the time for which a new resource may be invisible. */
const maximumReceives = 12;

/**
 * Tags new resources with who created them, and tells people.
 *
 *     CloudTrail event (EventBridge) -> Events -> TagResources -> tags
 *                                          |           +-> Notices -> mail
 *                                          |                 +-> PostNotices -> Slack, Teams (by setting)
 *                                          +-> dead letters -> alarm
 */
export class ResourceTaggerStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<ResourceTaggerSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Tags new resources with their creators (resource-tagger)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const notices = new MessageTopic(this, 'Notices', {
      config,
      messages: 'news about created resources',
      sandboxReason:
        'Ids of resources and names of callers of a sandbox; a customer managed key costs a dollar a month.',
    });
    const timeout = Duration.seconds(settings.timeoutSeconds);
    const { queue: events, deadLetters } = new QueueWithDeadLetters(this, 'Events', {
      config,
      topic,
      runbook: 'events-dead-letters',
      consumerTimeout: timeout,
      batchingWindow: Duration.seconds(0),
      maximumReceives,
      retentionPeriod: Duration.days(4),
    });
    addCreationRule(this, events, deadLetters);

    const { tagKeys, costCenters, requiredTags, consistencySeconds, lookAgainSeconds } = settings;
    const passed: TaggerSettings = { tagKeys, costCenters, requiredTags, consistencySeconds, lookAgainSeconds };
    const tagResources = new ServiceFunction(this, 'TagResources', {
      config,
      topic,
      handlerFile: 'resource-tagger/tag-resources',
      description: 'Tags what an event of CloudTrail says was created',
      timeout,
      memorySize: settings.memoryMegabytes,
      environment: {
        EVENTS_QUEUE_URL: events.queueUrl,
        NOTICES_TOPIC_ARN: notices.topic.topicArn,
        TAGGER_SETTINGS: JSON.stringify(passed),
        RETRY_BASE_SECONDS: String(settings.retryBaseSeconds),
      },
    });
    allowTagging(tagResources, Object.values(tagKeys));
    notices.allowPublishing(tagResources);
    tagResources.allow(['sqs:SendMessage', 'sqs:ChangeMessageVisibility'], events.queueArn);
    tagResources.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], events.queueArn);
    // Created after the grants above: Lambda checks them when the mapping is created.
    const mapping = new EventSourceMapping(this, 'EventsToTagResources', {
      target: tagResources.function,
      eventSourceArn: events.queueArn,
      batchSize: 10,
      // APIs for tags allow a few calls a second, for the whole account.
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Destinations are for streams: a failed message stays in the queue and goes to its dead-letter queue.',
    });
    Validations.of(tagResources.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'It is never invoked asynchronously: the queue sees each failure.',
    });
    if (settings.trail !== undefined) addManagementTrail(this, config, settings.trail.keepDays);
    if (settings.webhooks !== undefined) {
      const { retryBaseSeconds, webhooks } = settings;
      addWebhooks(this, { config, topic, notices: notices.topic, webhooks, retryBaseSeconds });
    }

    new CfnOutput(this, 'EventsQueueUrl', { value: events.queueUrl });
    new CfnOutput(this, 'EventsDeadLettersUrl', { value: deadLetters.queueUrl });
    new CfnOutput(this, 'NoticesTopicArn', { value: notices.topic.topicArn });
    new CfnOutput(this, 'RequiredTagKeys', { value: [tagKeys.creator, ...requiredTags].join(',') });
    new CfnOutput(this, 'TagResourcesFunctionName', { value: tagResources.function.functionName });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
