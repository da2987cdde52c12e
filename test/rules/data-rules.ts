import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../synthesis';
import { asArray, at, isCdkProvider, ofType, references, type Rule } from './rule';

/** Resource types with data of value. */
export const dataTypes: readonly string[] = [
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
  'AWS::EFS::FileSystem',
  'AWS::Backup::BackupVault',
];

/**
 * CloudFormation's policies for data in prod. A database has no `RetainExceptOnCreate`: CDK's helpers for RDS know it no more
 * than the other resources of an instance would, and a last snapshot of an empty one costs nothing.
 */
function keptAs(type: string): string {
  return type.startsWith('AWS::RDS::') ? 'Snapshot and Snapshot' : 'RetainExceptOnCreate and Retain';
}

const physicalNames =
  /^(Bucket|Queue|Function|Table|Topic|Role|Policy|LogGroup|StateMachine|Alarm|Rule|EventBus|DBInstance)Name$/;

/** Resource types that CloudFormation can tag. */
const taggable = [
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::SNS::Topic',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::IAM::Role',
  'AWS::CloudWatch::Alarm',
  'AWS::KMS::Key',
  'AWS::DynamoDB::Table',
  'AWS::StepFunctions::StateMachine',
  'AWS::RDS::DBInstance',
];

/** Command that ends the deletion protection of a resource, by type. */
const protectionCommands: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'aws dynamodb update-table --no-deletion-protection-enabled',
  'AWS::RDS::DBInstance': 'aws rds modify-db-instance --no-deletion-protection',
};

function firstDeploymentHelp(): string {
  const [, help = ''] = readFileSync(join(root, 'docs/runbook/README.md'), 'utf8').split(
    '## A first deployment that failed',
  );
  return help;
}

export const dataRules: readonly Rule[] = [
  {
    promise: 'in prod data is kept by all but a failed first deployment, and in a sandbox it is deleted with the stack',
    breaches: (subject) =>
      ofType(subject, ...dataTypes).flatMap(({ id, resource }) => {
        const policies = `${resource.DeletionPolicy ?? 'Delete'} and ${resource.UpdateReplacePolicy ?? 'Delete'}`;
        const wanted = subject.stage === 'sandbox' ? 'Delete and Delete' : keptAs(resource.Type);
        return policies === wanted ? [] : [`${id} has ${policies}, not ${wanted}`];
      }),
  },
  {
    promise: 'every bucket refuses plain HTTP and TLS below 1.2, and expires old versions and aborted uploads',
    breaches: (subject) =>
      ofType(subject, 'AWS::S3::Bucket').flatMap(({ id, properties }) => {
        const denials = ofType(subject, 'AWS::S3::BucketPolicy')
          .filter((policy) => references(policy.properties['Bucket']).includes(id))
          .flatMap((policy) => asArray(at(policy.properties, 'PolicyDocument', 'Statement')))
          .filter((statement) => at(statement, 'Effect') === 'Deny');
        const rules = asArray(at(properties, 'LifecycleConfiguration', 'Rules'));
        const kept: [string, boolean][] = [
          ['refuse plain HTTP', denials.some((one) => at(one, 'Condition', 'Bool', 'aws:SecureTransport') === 'false')],
          [
            'refuse TLS below 1.2',
            denials.some((one) => at(one, 'Condition', 'NumericLessThan', 's3:TlsVersion') === 1.2),
          ],
          ['forget old versions', rules.some((rule) => at(rule, 'NoncurrentVersionExpiration') !== undefined)],
          ['forget aborted uploads', rules.some((rule) => at(rule, 'AbortIncompleteMultipartUpload') !== undefined)],
        ];
        return kept.filter(([, yes]) => !yes).map(([what]) => `${id} does not ${what}`);
      }),
  },
  {
    promise: 'every queue states its retention, and failures are kept for 14 days, longer than in their source',
    breaches: (subject) =>
      ofType(subject, 'AWS::SQS::Queue').flatMap(({ id, properties }) => {
        const retention = Number(properties['MessageRetentionPeriod']);
        if (!(retention > 0)) return [`${id} states no retention`];
        const sinkId = references(at(properties, 'RedrivePolicy', 'deadLetterTargetArn'))[0];
        if (sinkId === undefined)
          return retention === 1_209_600 ? [] : [`${id} keeps failures ${retention} s, not 14 days`];
        const sink = Number(subject.resources.get(sinkId)?.Properties?.['MessageRetentionPeriod']);
        return sink > retention ? [] : [`${sinkId} keeps messages no longer than its source ${id}`];
      }),
  },
  {
    promise: 'every table has point-in-time recovery, and deletion protection in prod',
    breaches: (subject) =>
      ofType(subject, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').flatMap(({ id, properties }) => {
        const replicas = asArray(properties['Replicas']);
        const places = replicas.length > 0 ? replicas : [properties];
        const recovers = places.every(
          (place) => at(place, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') === true,
        );
        const protectedToo = places.every((place) => at(place, 'DeletionProtectionEnabled') === true);
        return [
          ...(recovers ? [] : [`${id} has no point-in-time recovery`]),
          ...(subject.stage !== 'prod' || protectedToo ? [] : [`${id} has no deletion protection`]),
        ];
      }),
  },
  {
    promise: 'every resource whose deletion is protected has the command that ends that in docs/runbook/README.md',
    breaches: (subject) =>
      [...subject.resources]
        .filter(([, { Properties }]) => /"DeletionProtection(Enabled)?":true/.test(JSON.stringify(Properties ?? {})))
        .filter(([, { Type }]) => !firstDeploymentHelp().includes(protectionCommands[Type] ?? 'none is known'))
        .map(
          ([id, { Type }]) =>
            `${id} (${Type}) blocks the rollback of a first deployment, and the runbook does not say so`,
        ),
  },
  {
    promise: 'no resource has a physical name, so that two stacks never conflict',
    breaches: (subject) =>
      [...subject.resources].flatMap(([id, { Type, Properties = {} }]) =>
        Object.entries(Properties)
          .filter(([name, value]) => physicalNames.test(name) && typeof value === 'string')
          .filter(([name]) => !(Type === 'AWS::IAM::Policy' && name === 'PolicyName'))
          .map(([name, value]) => `${id} has ${name} ${String(value)}`),
      ),
  },
  {
    promise: 'every taggable resource has tags for application, architecture and stage',
    breaches: (subject) =>
      ofType(subject, ...taggable)
        .filter(({ id }) => !isCdkProvider(id))
        .flatMap(({ id, properties }) => {
          const tags = new Map(asArray(properties['Tags']).map((tag) => [at(tag, 'Key'), at(tag, 'Value')]));
          const expected = { architecture: subject.slug, stage: subject.stage };
          const wrong = Object.entries(expected).filter(([key, value]) => tags.get(key) !== value);
          return [
            ...wrong.map(([key, value]) => `${id} is not tagged ${key}=${value}`),
            ...(tags.has('application') ? [] : [`${id} is not tagged with its application`]),
          ];
        }),
  },
];
