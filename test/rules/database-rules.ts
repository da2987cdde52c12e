import { asArray, at, ofType, references, type Json, type Rule, type Subject } from './rule';

/** What makes a server refuse connections without TLS, by the parameter of its engine. */
const tlsParameters = ['rds.force_ssl', 'require_secure_transport'];

/** The destination that CDK writes for "nowhere". */
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
      'every database is private, encrypted, open to IAM, backed up, watched and logged, and RDS keeps its password',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance').flatMap(({ id, properties }) => {
        const kept: [string, boolean][] = [
          ['private', properties['PubliclyAccessible'] === false],
          ['encrypted', properties['StorageEncrypted'] === true],
          ['open to IAM', properties['EnableIAMDatabaseAuthentication'] === true],
          ['backed up', Number(properties['BackupRetentionPeriod'] ?? 0) > 0],
          ['watched', Number(properties['MonitoringInterval'] ?? 0) > 0],
          ['logged', asArray(properties['EnableCloudwatchLogsExports']).length > 0],
          ['its password kept by RDS', properties['ManageMasterUserPassword'] === true],
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
    promise: 'every database forces TLS on whoever connects',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBInstance')
        .filter(({ properties }) => !tlsParameters.some((name) => at(parametersOf(subject, properties), name) === '1'))
        .map(({ id }) => `${id} takes connections without TLS`),
  },
  {
    promise: 'every database proxy requires TLS, and IAM of everyone who comes',
    breaches: (subject) =>
      ofType(subject, 'AWS::RDS::DBProxy').flatMap(({ id, properties }) => {
        const auth = asArray(properties['Auth']);
        return [
          ...(properties['RequireTLS'] === true ? [] : [`${id} does not require TLS`]),
          ...(auth.every((one) => at(one, 'IAMAuth') === 'REQUIRED') ? [] : [`${id} takes a password`]),
          ...(auth.length > 0 || properties['DefaultAuthScheme'] === 'IAM_AUTH' ? [] : [`${id} has no authentication`]),
        ];
      }),
  },
  {
    promise: 'security groups know each other and no addresses',
    breaches: (subject) => {
      const outward = ofType(subject, 'AWS::EC2::SecurityGroupEgress').flatMap(({ properties }) =>
        references(properties['GroupId']),
      );
      return [
        ...ofType(subject, 'AWS::EC2::SecurityGroup').flatMap(({ id, properties }) => {
          const rules = [...asArray(properties['SecurityGroupIngress']), ...asArray(properties['SecurityGroupEgress'])];
          // Without a rule for what goes out a group lets everything out.
          const closed = asArray(properties['SecurityGroupEgress']).length > 0 || outward.includes(id);
          return [
            ...(closed ? [] : [`${id} lets everything out`]),
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
    promise: 'no subnet gives public addresses, and every network has flow logs',
    breaches: (subject) => {
      const logged = ofType(subject, 'AWS::EC2::FlowLog').flatMap(({ properties }) =>
        references(properties['ResourceId']),
      );
      return [
        ...ofType(subject, 'AWS::EC2::Subnet')
          .filter(({ properties }) => properties['MapPublicIpOnLaunch'] !== false)
          .map(({ id }) => `${id} gives public addresses`),
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
