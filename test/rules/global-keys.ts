import { policyStatements } from './iam-rules';
import type { Rule, Subject } from './rule';

/**
 * Global condition keys that AWS documents for a service that calls with its own principal. Where a service sends no such key, a
 * statement with it never applies, and the emulator does not say so: RDS Proxy (`rds.amazonaws.com`) is one of those.
 */
const documented: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws:SourceAccount': {
    'backup.amazonaws.com': 'https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html',
    'cloudwatch.amazonaws.com':
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html',
    'ecs-tasks.amazonaws.com': 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
    'elasticfilesystem.amazonaws.com':
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html',
    'events.amazonaws.com':
      'https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html',
    'logging.s3.amazonaws.com':
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html',
    'monitoring.rds.amazonaws.com':
      'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html',
    'scheduler.amazonaws.com':
      'https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html',
    'states.amazonaws.com': 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html',
  },
  'aws:SourceArn': {
    'cloudtrail.amazonaws.com':
      'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
    'elasticfilesystem.amazonaws.com':
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html',
    'sns.amazonaws.com': 'https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html',
    'events.amazonaws.com': 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
    'logging.s3.amazonaws.com':
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html',
  },
};

/** In the context of every request: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const inEveryRequest = ['aws:SecureTransport'];

/** Keys about tags, which the authorization reference lists for each action: the rules of `iam-rules.ts` look there. */
const aboutTags = /^aws:((ResourceTag|RequestTag)\/.+|TagKeys)$/;

export const globalKeyRules: readonly Rule[] = [
  {
    promise: 'every global condition key is one that AWS documents for the service that the statement is about',
    breaches: (subject: Subject) =>
      policyStatements(subject).flatMap(({ owner, conditionKeys, services }) =>
        conditionKeys
          .filter((key) => key.startsWith('aws:') && !inEveryRequest.includes(key) && !aboutTags.test(key))
          .flatMap((key) => {
            if (services.length === 0) return [`${owner} has ${key} in a statement about no service`];
            return services
              .filter((service) => documented[key]?.[service] === undefined)
              .map((service) => `${owner} has ${key} for ${service}, which is not known to send it`);
          }),
      ),
  },
];
