import { asArray, at, ofType, references, type Json, type Rule, type Subject } from './rule';

/** Parameter with which a server refuses connections without TLS, by engine. */
const tlsParameters = ['rds.force_ssl', 'require_secure_transport'];

/** Destination that CDK writes for no outbound traffic. */
const nowhere = '255.255.255.255/32';

function parametersOf(subject: Subject, instance: Json): unknown {
  const [group = ''] = references(instance['DBParameterGroupName']);
  return subject.resources.get(group)?.Properties?.['Parameters'];
}

function isCut(rule: unknown): boolean {
  return at(rule, 'CidrIp') === nowhere && at(rule, 'IpProtocol') === 'icmp';
}

export const databaseRules: readonly Rule[] = [
  {
    promise:
      'every database is private, encrypted, IAM-enabled, backed up, monitored and logged, with a managed password',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance').flatMap(({ id, properties }) => {
        const kept: [string, boolean][] = [
          ['private', properties['PubliclyAccessible'] === false],
          ['encrypted', properties['StorageEncrypted'] === true],
          ['IAM-enabled', properties['EnableIAMDatabaseAuthentication'] === true],
          ['backed up', Number(properties['BackupRetentionPeriod'] ?? 0) > 0],
          ['monitored', Number(properties['MonitoringInterval'] ?? 0) > 0],
          ['logged', asArray(properties['EnableCloudwatchLogsExports']).length > 0],
          ['managing its password', properties['ManageMasterUserPassword'] === true],
          ['tagging its snapshots', properties['CopyTagsToSnapshot'] === true],
        ];
        return kept.filter(([, yes]) => !yes).map(([what]) => `${id} is not ${what}`);
      }),
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
    promise: 'security groups refer to each other and to no addresses',
    breaches: (subject) => {
      const outward = ofType(subject, 'AWS::EC2::SecurityGroupEgress').flatMap(({ properties }) =>
        references(properties['GroupId']),
      );
      return [
        ...ofType(subject, 'AWS::EC2::SecurityGroup').flatMap(({ id, properties }) => {
          const rules = [...asArray(properties['SecurityGroupIngress']), ...asArray(properties['SecurityGroupEgress'])];
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
