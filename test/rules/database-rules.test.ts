import { databaseRules } from './database-rules';
import { extended, testRules, type Breaking, type Resources } from './sound-template';

/** Database with some properties changed. */
function database(changes: object, parameters: object = { 'rds.force_ssl': '1' }): Resources {
  return {
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        PubliclyAccessible: false,
        StorageEncrypted: true,
        EnableIAMDatabaseAuthentication: true,
        BackupRetentionPeriod: 14,
        MonitoringInterval: 60,
        EnableCloudwatchLogsExports: ['postgresql'],
        ManageMasterUserPassword: true,
        CopyTagsToSnapshot: true,
        MultiAZ: true,
        DeletionProtection: true,
        DBParameterGroupName: { Ref: 'Parameters' },
        ...changes,
      },
    },
    Parameters: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Parameters: parameters } },
  };
}

function proxy(changes: object): Resources {
  const Properties = { RequireTLS: true, DefaultAuthScheme: 'IAM_AUTH', Auth: [{ IAMAuth: 'REQUIRED' }], ...changes };
  return { Proxy: { Type: 'AWS::RDS::DBProxy', Properties } };
}

/** Network of a security group and a subnet. */
function network(group: object, subnet: object = { MapPublicIpOnLaunch: false }): Resources {
  const cut = { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' };
  return {
    Network: { Type: 'AWS::EC2::VPC', Properties: {} },
    Flows: { Type: 'AWS::EC2::FlowLog', Properties: { ResourceId: { Ref: 'Network' } } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { ...subnet } },
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupEgress: [cut], ...group } },
  };
}

testRules(databaseRules, [
  ...[
    ['PubliclyAccessible', true, /not private/] as const,
    ['StorageEncrypted', undefined, /not encrypted/] as const,
    ['EnableIAMDatabaseAuthentication', false, /not IAM-enabled/] as const,
    ['BackupRetentionPeriod', 0, /not backed up/] as const,
    ['MonitoringInterval', undefined, /not monitored/] as const,
    ['EnableCloudwatchLogsExports', undefined, /not logged/] as const,
    ['ManageMasterUserPassword', undefined, /not managing its password/] as const,
    ['CopyTagsToSnapshot', false, /not tagging/] as const,
  ].map(([key, value, said]): Breaking => [/every database is private/, extended(database({ [key]: value })), said]),
  [/two zones/, extended(database({ MultiAZ: false })), /lacks MultiAZ/],
  [/two zones/, extended(database({ DeletionProtection: false })), /lacks DeletionProtection/],
  [/forces TLS/, extended(database({}, { 'rds.force_ssl': '0' })), /without TLS/],
  [/database proxy/, extended(proxy({ RequireTLS: false })), /does not require TLS/],
  [/database proxy/, extended(proxy({ Auth: [{ IAMAuth: 'DISABLED' }] })), /accepts a password/],
  [/database proxy/, extended(proxy({ Auth: undefined, DefaultAuthScheme: 'NONE' })), /no authentication/],
  [/security groups/, extended(network({ SecurityGroupEgress: undefined })), /allows all outbound/],
  [
    /security groups/,
    extended(network({ SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', FromPort: 5432 }] })),
    /Group names/,
  ],
  [
    /security groups/,
    extended({ Hole: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { CidrIpv6: '::/0' } } }),
    /Hole names addresses/,
  ],
  [/no subnet assigns/, extended(network({}, {})), /assigns public addresses/],
  [/no subnet assigns/, extended({ Network: { Type: 'AWS::EC2::VPC' } }), /no flow logs/],
]);

it('a database, a proxy and a network that keep every promise break none', async () => {
  const kept = extended({ ...database({}), ...proxy({}), ...network({}) });
  for (const { breaches } of databaseRules) expect(await breaches(kept)).toEqual([]);
});
