import { asArray, at, isCdkProvider, ofType, references, type Json, type Rule, type Subject } from './rule';

interface Statement {
  readonly owner: string;
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
}

/** Actions that AWS defines only for all resources. */
const onlyForAll = [
  /^xray:/,
  /^ec2:\w+NetworkInterfaces?$/,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
  /^dynamodb:ListStreams$/,
  /^ec2:Describe(Addresses|Images|Snapshots|Tags|Volumes)$/,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
  /^events:List(Rules|RuleNamesByTarget)$/,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html
  /^tag:(GetResources|TagResources)$/,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
  /^ec2:DescribeInstances$/,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
  /^ecr:GetAuthorizationToken$/,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsessionmanagermessagegatewayservice.html
  /^ssmmessages:\w+Channel$/,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
  /^ssm:DescribeInstanceInformation$/,
  // Composite alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
  /^cloudwatch:DescribeAlarms$/,
  // Of a cluster, which is a condition: https://github.com/cdklabs/construct-hub/pull/1207
  /^ecs:ListTasks$/,
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  /^logs:(\w+LogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$/,
];

/**
 * The only role with managed policies: that of AWS Backup, with AWS's policies for backups.
 * docs/adr/0024-aws-backup-has-the-policies-of-aws.md
 */
const backupService = {
  principal: 'backup.amazonaws.com',
  policies: ['service-role/AWSBackupServiceRolePolicyForBackup', 'AWSBackupServiceRolePolicyForS3Backup'],
} as const;

/** Managed policies of a role that are not allowed, as `arn:…:policy/<name>`. */
function managedPolicies(role: Json): string[] {
  const trusted = asArray(at(role, 'AssumeRolePolicyDocument', 'Statement')).map((one) => at(one, 'Principal'));
  const isBackup = trusted.every((principal) => at(principal, 'Service') === backupService.principal);
  const excused = isBackup ? backupService.policies.map((name) => `:iam::aws:policy/${name}`) : [];
  return asArray(role['ManagedPolicyArns'])
    .map((arn) =>
      asArray(at(arn, 'Fn::Join', 1) ?? arn)
        .filter((part) => typeof part === 'string')
        .join(''),
    )
    .filter((arn) => !excused.some((one) => arn.endsWith(one)));
}

/** Statements of all policies of our own that allow something to a role. */
export function statements(subject: Subject): Statement[] {
  const policies = ofType(subject, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').map(({ id, properties }) => ({
    id,
    roles: references(properties['Roles']),
    document: properties['PolicyDocument'],
  }));
  const inline = ofType(subject, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
    asArray(properties['Policies']).map((policy) => ({ id, roles: [id], document: at(policy, 'PolicyDocument') })),
  );
  return [...policies, ...inline]
    .filter(({ id }) => !isCdkProvider(id))
    .flatMap(({ id, roles, document }) =>
      asArray(at(document, 'Statement'))
        .filter((statement) => at(statement, 'Effect') !== 'Deny')
        .map((statement) => ({
          owner: id,
          roles,
          actions: asArray(at(statement, 'Action')).map(String),
          resources: asArray(at(statement, 'Resource')),
        })),
    );
}

/** Ids of the functions that may perform an action on a resource of the template. */
function mayDo(subject: Subject, actions: readonly string[], resourceId: string): string[] {
  const roles = statements(subject)
    .filter((statement) => statement.actions.some((action) => actions.includes(action)))
    .filter((statement) => references(statement.resources).includes(resourceId))
    .flatMap((statement) => statement.roles);
  return ofType(subject, 'AWS::Lambda::Function')
    .filter(({ properties }) => references(properties['Role']).some((role) => roles.includes(role)))
    .map(({ id }) => id);
}

/** Key prefixes that a function may write to in a bucket: '' for all keys. */
function writablePrefixes(subject: Subject, functionId: string, bucketId: string): string[] {
  const role = references(subject.resources.get(functionId)?.Properties?.['Role']);
  return statements(subject)
    .filter(
      (statement) => statement.roles.some((one) => role.includes(one)) && statement.actions.includes('s3:PutObject'),
    )
    .flatMap((statement) => statement.resources)
    .filter((resource) => references(resource).includes(bucketId))
    .map((resource) =>
      asArray(at(resource, 'Fn::Join', 1))
        .filter((part) => typeof part === 'string')
        .join(''),
    )
    .map((text) => text.replace(/^\//, '').replace(/\*$/, ''));
}

function notifications(bucket: Json): { functionIds: string[]; prefix: string }[] {
  return asArray(at(bucket, 'NotificationConfiguration', 'LambdaConfigurations')).map((one) => {
    const rules = asArray(at(one, 'Filter', 'S3Key', 'Rules'));
    const prefix = at(
      rules.find((rule) => at(rule, 'Name') === 'prefix'),
      'Value',
    );
    return { functionIds: references(at(one, 'Function')), prefix: typeof prefix === 'string' ? prefix : '' };
  });
}

export const accessRules: readonly Rule[] = [
  {
    promise: 'no role has a managed policy, except the role of AWS Backup',
    breaches: (subject) =>
      ofType(subject, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
        managedPolicies(properties).map((arn) => `${id} has a managed policy ${arn}`),
      ),
  },
  {
    promise: 'no policy allows a wildcard action',
    breaches: (subject) =>
      statements(subject).flatMap(({ owner, actions }) =>
        actions.filter((action) => action.includes('*')).map((action) => `${owner} allows ${action}`),
      ),
  },
  {
    promise: 'every policy names its resources, except for actions that AWS defines for all resources',
    breaches: (subject) =>
      statements(subject)
        .filter(({ resources }) => resources.includes('*'))
        .flatMap(({ owner, actions }) =>
          actions
            .filter((action) => !onlyForAll.some((pattern) => pattern.test(action)))
            .map((action) => `${owner} allows ${action} on every resource`),
        ),
  },
  {
    promise: 'no function writes to a prefix that invokes it, so that recursion is impossible',
    breaches: (subject) =>
      ofType(subject, 'AWS::S3::Bucket').flatMap(({ id, properties }) =>
        notifications(properties).flatMap(({ functionIds, prefix }) =>
          functionIds
            .filter((functionId) => mayDo(subject, ['s3:PutObject'], id).includes(functionId))
            .filter((functionId) =>
              writablePrefixes(subject, functionId, id).some((one) => one.startsWith(prefix) || prefix.startsWith(one)),
            )
            .map((functionId) => `${functionId} is invoked by ${id} and may write under '${prefix}' in it`),
        ),
      ),
  },
  {
    promise: 'no environment variable or parameter holds a secret',
    breaches: (subject) =>
      ofType(subject, 'AWS::Lambda::Function').flatMap(({ id, properties }) =>
        Object.entries(at(properties, 'Environment', 'Variables') ?? {})
          .filter(([name, value]) => /secret|password|token|api_?key/i.test(name) && typeof value === 'string')
          .map(([name]) => `${id} has ${name} as plain text`),
      ),
  },
];
