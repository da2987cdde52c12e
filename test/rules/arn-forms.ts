import { asArray, type Subject } from './rule';

const place = 'eu-west-1:111122223333';

/** ARN of each resource type as an attribute gives it, with made-up names: enough to tell its form. */
const attributes: Readonly<Record<string, string>> = {
  'AWS::CodeBuild::Project Arn': `arn:aws:codebuild:${place}:project/name`,
  'AWS::CodeCommit::Repository Arn': `arn:aws:codecommit:${place}:name`,
  'AWS::DynamoDB::GlobalTable Arn': `arn:aws:dynamodb:${place}:table/name`,
  'AWS::DynamoDB::GlobalTable StreamArn': `arn:aws:dynamodb:${place}:table/name/stream/label`,
  'AWS::DynamoDB::Table Arn': `arn:aws:dynamodb:${place}:table/name`,
  'AWS::ECS::Cluster Arn': `arn:aws:ecs:${place}:cluster/name`,
  'AWS::ECS::Cluster Ref': 'name',
  'AWS::ECS::TaskDefinition Ref': `arn:aws:ecs:${place}:task-definition/family:1`,
  'AWS::Events::EventBus Arn': `arn:aws:events:${place}:event-bus/name`,
  'AWS::IAM::Role Arn': 'arn:aws:iam::111122223333:role/name',
  'AWS::Kinesis::Stream Arn': `arn:aws:kinesis:${place}:stream/name`,
  'AWS::Kinesis::StreamConsumer ConsumerARN': `arn:aws:kinesis:${place}:stream/name/consumer/name:1234567890`,
  'AWS::KMS::Key Arn': `arn:aws:kms:${place}:key/id`,
  'AWS::Lambda::Function Arn': `arn:aws:lambda:${place}:function:name`,
  // It ends in what names all streams of the group: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
  'AWS::CloudWatch::Alarm Arn': `arn:aws:cloudwatch:${place}:alarm:name`,
  'AWS::Logs::LogGroup Arn': `arn:aws:logs:${place}:log-group:name:*`,
  'AWS::RDS::DBInstance DbiResourceId': 'db-ID',
  'AWS::RDS::DBInstance Ref': 'name',
  'AWS::RDS::DBInstance MasterUserSecret.SecretArn': `arn:aws:secretsmanager:${place}:secret:name`,
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html: callers name the id at its end.
  'AWS::RDS::DBProxy DBProxyArn': `arn:aws:rds:${place}:db-proxy:prx-ID`,
  'AWS::S3::Bucket Arn': 'arn:aws:s3:::name',
  'AWS::S3Files::AccessPoint AccessPointArn': `arn:aws:s3files:${place}:file-system/fs-0a1b/access-point/fsap-0a1b`,
  'AWS::S3Files::FileSystem FileSystemArn': `arn:aws:s3files:${place}:file-system/fs-0a1b`,
  'AWS::Scheduler::ScheduleGroup Ref': 'name',
  'AWS::EC2::SecurityGroup GroupId': 'sg-0a1b2c3d',
  'AWS::EC2::Subnet Ref': 'subnet-0a1b2c3d',
  'AWS::SecretsManager::Secret Ref': `arn:aws:secretsmanager:${place}:secret:name`,
  // Names here are paths: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
  'AWS::SSM::Parameter Ref': '/name',
  'AWS::SNS::Topic Ref': `arn:aws:sns:${place}:name`,
  'AWS::SNS::Topic TopicArn': `arn:aws:sns:${place}:name`,
  'AWS::SQS::Queue Arn': `arn:aws:sqs:${place}:name`,
  'AWS::StepFunctions::StateMachine Arn': `arn:aws:states:${place}:stateMachine:name`,
  'AWS::StepFunctions::StateMachine Ref': `arn:aws:states:${place}:stateMachine:name`,
  'AWS::StepFunctions::StateMachine Name': 'name',
};

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Text of an ARN in a template, with made-up names in place of what only a deployment knows. */
export function arnText(value: unknown, { resources }: Subject): string {
  const of = (id: string, attribute: string): string => {
    const type = resources.get(id)?.Type ?? '';
    const text = pseudoParameters[id] ?? attributes[`${type} ${attribute}`];
    if (text === undefined)
      throw new Error(`no form of '${type} ${attribute}' is known: add it to test/rules/arn-forms.ts`);
    return text;
  };
  const text = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return String(part);
    const [[name, content] = ['', undefined]] = Object.entries(part);
    if (name === 'Ref') return of(String(content), 'Ref');
    if (name === 'Fn::GetAtt') return of(String(asArray(content)[0]), String(asArray(content)[1]));
    if (name === 'Fn::Sub' && typeof content === 'string') {
      return content.replace(/\$\{([^}]+)\}/g, (_, id: string) => of(id, 'Ref'));
    }
    if (name !== 'Fn::Join') return selected(name, content, text);
    const [separator, parts] = content as [string, unknown[]];
    return parts.map(text).join(separator);
  };
  return text(value);
}

/** Part of a text that was split: `Fn::Select` of `Fn::Split`. */
function selected(name: string, content: unknown, text: (part: unknown) => string): string {
  const [index, split] = content as [unknown, { 'Fn::Split'?: [string, unknown] } | undefined];
  const [separator, whole] = split?.['Fn::Split'] ?? [];
  if (name !== 'Fn::Select' || separator === undefined) throw new Error(`no ARN is read from ${name}`);
  return text(whole).split(separator)[Number(index)] ?? '';
}

/** Names whose values hold slashes. */
const withSlashes = ['ObjectName', 'LogGroupName', 'LogStreamName', 'SecretId', 'ParameterNameWithoutLeadingSlash'];

/**
 * Whether an ARN, whose stars stand for any text, can name a resource of a form such as
 * `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
 */
export function canName(arn: string, form: string): boolean {
  const tokens = form.split(/(\$\{\w+\})/).flatMap((part) => (part.startsWith('${') ? [part] : part.split('')));
  const known = new Map<string, boolean>();
  const fits = (at: number, token: number): boolean => {
    const key = `${at} ${token}`;
    const found = known.get(key) ?? step(at, token);
    known.set(key, found);
    return found;
  };
  const step = (at: number, token: number): boolean => {
    const [char, wanted] = [arn[at], tokens[token]];
    if (char === undefined) return wanted === undefined;
    if (char === '*' && (fits(at + 1, token) || (wanted !== undefined && fits(at, token + 1)))) return true;
    if (wanted === undefined) return false;
    if (!wanted.startsWith('${')) return char === wanted && fits(at + 1, token + 1);
    // A region or an account may be left out, as in the ARNs of buckets.
    if (char === ':') return false;
    if (char === '/' && !withSlashes.includes(wanted.slice(2, -1))) return false;
    return fits(at + 1, token) || fits(at + 1, token + 1);
  };
  return fits(0, 0);
}
