import { architectures, type Architecture } from '../../lib/architectures';
import type { Settings } from '../../scenarios/shared/scenario';
import { synthesize } from '../synthesis';
import { otherValues, type OtherValue } from './other-values';
import { replacements, type DeployedTemplate } from './replacements';
import type { Resource } from './rule';

/** Changes that replace or remove something, and why that is what the setting is for. */
const accepted: readonly {
  readonly slug: string;
  readonly setting: string;
  readonly change: RegExp;
  readonly reason: string;
}[] = [
  {
    slug: 'image-resize',
    setting: 'output.bucket',
    change: /^removes Resized/,
    reason: 'Variants move into the upload bucket; prod keeps the old bucket and its objects.',
  },
  {
    slug: 'queue-processor',
    setting: 'fifo',
    change: /^replaces Orders(Queue|DeadLetters)/,
    reason: 'A FIFO queue is another queue, whose name ends in .fifo; the setting says to empty the queues first.',
  },
  {
    slug: 'scheduled-backup',
    setting: 'sourceBucketName',
    change: /^removes BucketsSource/,
    reason: 'A bucket of your own takes the place of the one that the stack made; prod keeps that.',
  },
  {
    slug: 'scheduled-backup',
    setting: 'sourceKeyArn',
    change: /^removes BucketsSource/,
    reason: 'It is the key of a bucket of your own: see sourceBucketName.',
  },
  {
    slug: 'scheduled-backup',
    setting: 'awsBackup',
    change: /^removes AwsBackupVault/,
    reason: 'Turned off, it is taken out of the stack; prod keeps the vault and its recovery points.',
  },
  {
    slug: 'etl-pipeline',
    setting: 'extract',
    change: /^removes (ApiToken|ExtractFromApi)/,
    reason: 'Turned off, nothing is extracted any more; the API issues another token.',
  },
  ...['largeRenders', 'largeRenderProcessors', 'packaging'].map((setting) => ({
    slug: 'document-renderer',
    setting,
    change: /^removes (LargeRenders|EndLargeRender|CustomVpcRestrictDefaultSG)\w*Logs/,
    reason: 'Turned off, no document is rendered by a task; prod keeps the logs.',
  })),
  ...['largeRenders', 'packaging'].map((setting) => ({
    slug: 'document-renderer',
    setting,
    change: /^removes Mounted(Files|FlowLogs|SeedBrowserLogs)/,
    reason:
      'With another packaging nothing is mounted; prod keeps the bucket, whose files a deployment makes, and the logs.',
  })),
  {
    slug: 'resource-tagger',
    setting: 'trail',
    change: /^removes (AccessLogs|TrailLogs)/,
    reason: 'Turned off, nothing is logged any more; prod keeps the log files.',
  },
  {
    slug: 'resource-tagger',
    setting: 'webhooks',
    change: /^removes (SlackNotices|TeamsNotices|Deliveries|PostNotices)/,
    reason:
      'Turned off, nothing is posted any more; the setting says that waiting notices are lost, and prod keeps the queues.',
  },
  {
    slug: 'approval-workflow',
    setting: 'systemsManager',
    change: /^removes (MachinesFlowLogs|CustomVpcRestrictDefaultSG)/,
    reason: 'With named subnets the stack has no VPC of its own, and no logs of it; prod keeps the old ones.',
  },
  {
    slug: 'rest-api',
    setting: 'callerLimit',
    change: /^removes RateLimits/,
    reason: 'Turned off, nothing is counted any more; what was counted is over within seconds.',
  },
  {
    slug: 'rest-api',
    setting: 'accessLogs',
    change: /^removes GatewayAccessLogs/,
    reason: 'Turned off, nothing is logged any more; prod keeps the log group.',
  },
  {
    slug: 'database-access',
    setting: 'engine',
    change: /^replaces (DatabaseInstance|AccessLogs)/,
    reason:
      'Another engine is another, empty database with a proxy and logs of its own, as the page of the architecture says.',
  },
  {
    slug: 'database-access',
    setting: 'zones',
    change: /^replaces AccessProxy/,
    reason: 'Other zones take a second stack, as the page of the architecture says.',
  },
  {
    slug: 'database-access',
    setting: 'backupDays',
    change: /^replaces DatabaseInstance/,
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html#cfn-rds-dbinstance-backupretentionperiod
    reason:
      'CloudFormation interrupts the instance and does not replace it, whatever its specification calls possible.',
  },
];

function templateWith({ id, slug }: Architecture, settings: Settings): DeployedTemplate {
  return synthesize({ stage: 'prod', [slug]: settings })
    .template(id)
    .toJSON() as DeployedTemplate;
}

/** Replacements and removals of a change to other settings, and back. */
function changesWith(architecture: Architecture, settings: Settings): string[] {
  const [usual, other] = [templateWith(architecture, {}), templateWith(architecture, settings)];
  return [...new Set([...replacements(usual, other), ...replacements(other, usual)])];
}

/** Changes of each setting; settings that together change nothing are not tried one by one, which saves minutes. */
function changesOf(
  architecture: Architecture,
  known: typeof accepted,
): { readonly setting: string; readonly changes: readonly string[] }[] {
  const values = otherValues(architecture);
  const [changing, others] = [values.filter(isKnown), values.filter((one) => !isKnown(one))];
  const suspects = groups(architecture, others).flatMap((group) =>
    group.length > 1 && changesWith(architecture, together(group)).length === 0 ? [] : group,
  );
  return [...changing, ...suspects].map(({ setting, settings }) => ({
    setting,
    changes: changesWith(architecture, settings),
  }));

  function isKnown({ setting }: OtherValue): boolean {
    return known.some((one) => one.setting === setting);
  }
}

/** Puts values into as few groups as possible that each are valid settings in which no setting has two values. */
function groups({ settings: schema }: Architecture, values: readonly OtherValue[]): OtherValue[][] {
  const made: OtherValue[][] = [];
  for (const one of values) {
    const group = made.find((others) => {
      const names = others.flatMap(({ settings }) => Object.keys(settings));
      return (
        !Object.keys(one.settings).some((name) => names.includes(name)) &&
        schema.safeParse(together([...others, one])).success
      );
    });
    if (group === undefined) made.push([one]);
    else group.push(one);
  }
  return made;
}

function together(values: readonly OtherValue[]): Settings {
  return Object.assign({}, ...values.map(({ settings }) => settings)) as Settings;
}

describe.each(architectures)('$id', (architecture) => {
  const { slug } = architecture;
  const known = accepted.filter((one) => one.slug === slug);

  it('replaces no data and no fixed name with any setting, but for those that are meant to', () => {
    const all = changesOf(architecture, known);
    const unknown = all.flatMap(({ setting, changes }) =>
      changes
        .filter((change) => !known.some((one) => one.setting === setting && one.change.test(change)))
        .map((change) => `${setting}: ${change}`),
    );
    expect(unknown).toEqual([]);
    const stale = known.filter(
      (one) =>
        !all.some(
          ({ setting, changes }) => setting === one.setting && changes.some((change) => one.change.test(change)),
        ),
    );
    expect(stale).toEqual([]);
  });
});

describe('a change of a template', () => {
  const of = (Type: string, Properties: object): DeployedTemplate => ({
    Resources: { R: { Type, Properties } as Resource },
  });
  const logsOf = (Properties: object): DeployedTemplate => ({
    Resources: {
      ...of('AWS::Logs::LogGroup', { LogGroupName: { Ref: 'F' } }).Resources,
      F: { Type: 'AWS::Lambda::Function', Properties } as Resource,
    },
  });

  it.each<[string, DeployedTemplate, DeployedTemplate, string[]]>([
    [
      'a replaced table',
      of('AWS::DynamoDB::Table', { TableName: 'a' }),
      of('AWS::DynamoDB::Table', { TableName: 'b' }),
      ['replaces R (AWS::DynamoDB::Table)'],
    ],
    ['a table that is gone', of('AWS::DynamoDB::Table', {}), { Resources: {} }, ['removes R (AWS::DynamoDB::Table)']],
    [
      'a replaced proxy of the same name',
      of('AWS::RDS::DBProxy', { DBProxyName: 'p', EngineFamily: 'MYSQL' }),
      of('AWS::RDS::DBProxy', { DBProxyName: 'p', EngineFamily: 'POSTGRESQL' }),
      ['replaces R (AWS::RDS::DBProxy)'],
    ],
    [
      'a replaced proxy whose name has the engine',
      of('AWS::RDS::DBProxy', { DBProxyName: 'p-mysql', EngineFamily: 'MYSQL' }),
      of('AWS::RDS::DBProxy', { DBProxyName: 'p-postgresql', EngineFamily: 'POSTGRESQL' }),
      [],
    ],
    [
      'a replaced resource without data or name',
      of('AWS::EC2::Subnet', { VpcId: 'a' }),
      of('AWS::EC2::Subnet', { VpcId: 'b' }),
      [],
    ],
    [
      'logs whose unchanged name refers to a replaced function',
      logsOf({ FunctionName: 'a' }),
      logsOf({ FunctionName: 'b' }),
      ['replaces R (AWS::Logs::LogGroup)'],
    ],
    [
      'a changed table',
      of('AWS::DynamoDB::Table', { BillingMode: 'a' }),
      of('AWS::DynamoDB::Table', { BillingMode: 'b' }),
      [],
    ],
  ])('is reported: %s', (_, before, after, said) => {
    expect(replacements(before, after)).toEqual(said);
  });
});
