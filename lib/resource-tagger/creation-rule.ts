import { Duration, type Stack } from 'aws-cdk-lib';
import { Match, Rule, type EventPattern, type IRuleTarget } from 'aws-cdk-lib/aws-events';
import { addToDeadLetterQueueResourcePolicy } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { creationKinds } from '../../lambda/resource-tagger/created-resources';

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

/** Queue target with one permission: CDK's `SqsQueue` grants three actions, and EventBridge uses one. */
function queueTarget(queue: Queue, deadLetters: Queue): IRuleTarget {
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
      addToDeadLetterQueueResourcePolicy(rule, deadLetters);
      return {
        arn: queue.queueArn,
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
      };
    },
  };
}
