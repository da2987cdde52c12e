import type { Stack } from 'aws-cdk-lib';
import { Match, Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { creationKinds } from '../../lambda/resource-tagger/created-resources';
import { queueTarget } from '../constructs/queue-target';

/**
 * Pattern of the calls that create something that is tagged. Calls that failed have an `errorCode`, dry runs too; calls that only
 * read are not among the names.
 *
 * EventBridge takes 2,048 characters: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const creationPattern: EventPattern = {
  source: Object.keys(creationKinds).map((eventSource) => `aws.${eventSource.replace('.amazonaws.com', '')}`),
  detailType: ['AWS API Call via CloudTrail'],
  detail: {
    eventName: [...new Set(Object.values(creationKinds).flatMap((ofService) => Object.keys(ofService)))],
    errorCode: Match.doesNotExist(),
  },
};

/** Sends events of new resources to a queue. EventBridge has them where a trail logs management events. */
export function addCreationRule(stack: Stack, events: Queue, deadLetters: Queue): Rule {
  return new Rule(stack, 'Created', {
    description: 'Calls that created resources, from CloudTrail',
    eventPattern: creationPattern,
    targets: [queueTarget(events, deadLetters)],
  });
}
