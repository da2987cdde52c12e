import { asArray, at, ofType, references, type Json, type Rule, type Subject } from './rule';

/** Parameter with which a server refuses connections without TLS, by engine. */
const tlsParameters = ['rds.force_ssl', 'require_secure_transport'];

/** Parameters of PostgreSQL that keep bind values out of its log. */
const withoutValues = {
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
};

/** Major versions: of PostgreSQL the first number, of MySQL the first two. */
const majorVersions = /^(postgres \d+|mysql \d+\.\d+)$/;

/** Destination that CDK writes for no outbound traffic. */
const nowhere = '255.255.255.255/32';

function parametersOf(subject: Subject, instance: Json): unknown {
  const [group = ''] = references(instance['DBParameterGroupName']);
  return subject.resources.get(group)?.Properties?.['Parameters'];
}

function isPasswordless(instance: Json): boolean {
  const byIam = instance['MasterUserAuthenticationType'] === 'iam-db-auth';
  return (instance['ManageMasterUserPassword'] === true || byIam) && instance['MasterUserPassword'] === undefined;
}

/** Policies of the role that an ARN refers to. */
function policiesOf(subject: Subject, roleArn: unknown): { id: string; properties: Json }[] {
  const [role = ''] = references(roleArn);
  return ofType(subject, 'AWS::IAM::Policy').filter(({ properties }) => references(properties['Roles']).includes(role));
}

function statementsOf(document: unknown): unknown[] {
  return asArray(at(document, 'Statement'));
}

function globalKeys(statement: unknown): string[] {
  return Object.values((at(statement, 'Condition') ?? {}) as Json).flatMap((condition) =>
    Object.keys(condition as Json).filter((key) => key.startsWith('aws:')),
  );
}

function isCut(rule: unknown): boolean {
  return at(rule, 'CidrIp') === nowhere && at(rule, 'IpProtocol') === 'icmp';
}

export const databaseRules: readonly Rule[] = [
  {
    promise:
      'every database is private, encrypted, IAM-enabled, backed up, monitored and logged, with a managed password or none',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance').flatMap(({ id, properties }) => {
        const kept: [string, boolean][] = [
          ['private', properties['PubliclyAccessible'] === false],
          ['encrypted', properties['StorageEncrypted'] === true],
          ['IAM-enabled', properties['EnableIAMDatabaseAuthentication'] === true],
          ['backed up', Number(properties['BackupRetentionPeriod'] ?? 0) > 0],
          ['monitored', Number(properties['MonitoringInterval'] ?? 0) > 0],
          ['logged', asArray(properties['EnableCloudwatchLogsExports']).length > 0],
          ['without a chosen password', isPasswordless(properties)],
          ['tagging its snapshots', properties['CopyTagsToSnapshot'] === true],
        ];
        return kept.filter(([, yes]) => !yes).map(([what]) => `${id} is not ${what}`);
      }),
  },
  {
    promise: 'every monitored database is created after the policy of its monitoring role, which RDS checks then',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance').flatMap(({ id, properties, resource }) => {
        const waitsFor = asArray(resource.DependsOn);
        return policiesOf(subject, properties['MonitoringRoleArn'])
          .filter(({ id: policy }) => !waitsFor.includes(policy))
          .map(({ id: policy }) => `${id} does not depend on ${policy}`);
      }),
  },
  {
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
    promise: 'no database proxy depends on a global condition key, none of which it supports',
    breaches: (subject) => [
      ...ofType(subject, 'AWS::RDS::DBProxy').flatMap(({ properties }) => {
        const [role = ''] = references(properties['RoleArn']);
        const trust = subject.resources.get(role)?.Properties?.['AssumeRolePolicyDocument'];
        const own = policiesOf(subject, properties['RoleArn']).map(
          ({ id, properties: policy }) => [id, policy['PolicyDocument']] as const,
        );
        return [[role, trust] as const, ...own].flatMap(([id, document]) =>
          statementsOf(document).flatMap((statement) => globalKeys(statement).map((key) => `${id} has ${key}`)),
        );
      }),
      ...ofType(subject, 'AWS::IAM::Policy').flatMap(({ id, properties }) =>
        statementsOf(properties['PolicyDocument'])
          .filter((statement) => asArray(at(statement, 'Action')).includes('rds-db:connect'))
          .flatMap((statement) => globalKeys(statement).map((key) => `${id} has ${key}`)),
      ),
    ],
  },
  {
    promise: 'no database exports a log with the values of statements',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance').flatMap(({ id, properties }) => {
        const logs = asArray(properties['EnableCloudwatchLogsExports']);
        const parameters = parametersOf(subject, properties);
        const isSafe = Object.entries(withoutValues).every(([name, value]) => at(parameters, name) === value);
        return [
          ...(logs.includes('slowquery') || logs.includes('general') ? [`${id} exports statements with values`] : []),
          ...(logs.includes('postgresql') && !isSafe ? [`${id} logs bind values`] : []),
        ];
      }),
  },
  {
    promise: 'every database is pinned to a major version, since RDS upgrades minor ones',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance')
        .filter(
          ({ properties }) =>
            !majorVersions.test(`${String(properties['Engine'])} ${String(properties['EngineVersion'])}`),
        )
        .map(({ id, properties }) => `${id} is pinned to ${String(properties['EngineVersion'])}`),
  },
  {
    promise: 'every prod database is in two zones and protected against deletion',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance').flatMap(({ id, properties }) =>
        subject.stage !== 'prod'
          ? []
          : ['MultiAZ', 'DeletionProtection']
              .filter((key) => properties[key] !== true)
              .map((key) => `${id} lacks ${key}`),
      ),
  },
  {
    promise: 'every database forces TLS',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance')
        .filter(({ properties }) => !tlsParameters.some((name) => at(parametersOf(subject, properties), name) === '1'))
        .map(({ id }) => `${id} accepts connections without TLS`),
  },
  {
    promise: 'every database proxy requires TLS and IAM authentication',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBProxy').flatMap(({ id, properties }) => {
        const auth = asArray(properties['Auth']);
        return [
          ...(properties['RequireTLS'] === true ? [] : [`${id} does not require TLS`]),
          ...(auth.every((one) => at(one, 'IAMAuth') === 'REQUIRED') ? [] : [`${id} accepts a password`]),
          ...(auth.length > 0 || properties['DefaultAuthScheme'] === 'IAM_AUTH' ? [] : [`${id} has no authentication`]),
        ];
      }),
  },
  {
    promise:
      'security groups refer to each other and to no addresses, but for gateway endpoints without another way out',
    breaches: (subject) => {
      // The prefix list of S3 has another id in each region.
      const toGateways = (rule: unknown): boolean =>
        ofType(subject, 'AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway').length === 0 &&
        ofType(subject, 'AWS::EC2::VPCEndpoint').some(
          ({ properties }) => properties['VpcEndpointType'] === 'Gateway',
        ) &&
        (rule as { FromPort?: number; ToPort?: number }).FromPort === 443 &&
        (rule as { ToPort?: number }).ToPort === 443;
      const outwards = (properties: Readonly<Record<string, unknown>>): unknown[] =>
        asArray(properties['SecurityGroupEgress']).filter((rule) => !toGateways(rule));
      const outward = ofType(subject, 'AWS::EC2::SecurityGroupEgress').flatMap(({ properties }) =>
        references(properties['GroupId']),
      );
      return [
        ...ofType(subject, 'AWS::EC2::SecurityGroup').flatMap(({ id, properties }) => {
          const rules = [...asArray(properties['SecurityGroupIngress']), ...outwards(properties)];
          // Without an egress rule a group allows all outbound traffic.
          const closed = asArray(properties['SecurityGroupEgress']).length > 0 || outward.includes(id);
          return [
            ...(closed ? [] : [`${id} allows all outbound traffic`]),
            ...rules.filter((rule) => !isCut(rule) && opens(rule)).map((rule) => `${id} names ${JSON.stringify(rule)}`),
          ];
        }),
        ...ofType(subject, 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress')
          .filter(({ properties }) => opens(properties))
          .map(({ id }) => `${id} names addresses`),
      ];
    },
  },
  {
    promise: 'no subnet assigns public addresses, and every network has flow logs',
    breaches: (subject) => {
      const logged = ofType(subject, 'AWS::EC2::FlowLog').flatMap(({ properties }) =>
        references(properties['ResourceId']),
      );
      return [
        ...ofType(subject, 'AWS::EC2::Subnet')
          .filter(({ properties }) => properties['MapPublicIpOnLaunch'] !== false)
          .map(({ id }) => `${id} assigns public addresses`),
        ...ofType(subject, 'AWS::EC2::VPC')
          .filter(({ id }) => !logged.includes(id))
          .map(({ id }) => `${id} has no flow logs`),
      ];
    },
  },
];

function opens(rule: unknown): boolean {
  return ['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'DestinationPrefixListId'].some(
    (key) => at(rule, key) !== undefined,
  );
}
