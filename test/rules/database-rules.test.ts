import { databaseRules } from './database-rules';
import { extended, testRules, type Breaking, type Resources } from './sound-template';

const soundParameters = {
  'rds.force_ssl': '1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
};

/** Database with some properties changed. */
function database(changes: object, parameters: object = soundParameters, resource: object = {}): Resources {
  return {
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        Engine: 'postgres',
        EngineVersion: '17',
        MonitoringRoleArn: { 'Fn::GetAtt': ['MonitoringRole', 'Arn'] },
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
      DependsOn: ['MonitoringPolicy'],
      ...resource,
    },
    MonitoringRole: { Type: 'AWS::IAM::Role', Properties: {} },
    MonitoringPolicy: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'MonitoringRole' }] } },
    Parameters: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Parameters: parameters } },
  };
}

function proxy(changes: object, trust: object = {}, grant: object = {}): Resources {
  const RoleArn = { 'Fn::GetAtt': ['ProxyRole', 'Arn'] };
  const sound = { RequireTLS: true, DefaultAuthScheme: 'IAM_AUTH', Auth: [{ IAMAuth: 'REQUIRED' }], RoleArn };
  const Roles = [{ Ref: 'ProxyRole' }];
  const decrypt = { Action: 'kms:Decrypt', Condition: { StringEquals: { 'kms:ViaService': 'x' } } };
  const AssumeRolePolicyDocument = { Statement: [{ Action: 'sts:AssumeRole', ...trust }] };
  const PolicyDocument = { Statement: [decrypt, { Action: 'rds-db:connect', ...grant }] };
  return {
    Proxy: { Type: 'AWS::RDS::DBProxy', Properties: { ...sound, ...changes } },
    ProxyRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } },
    ProxyPolicy: { Type: 'AWS::IAM::Policy', Properties: { Roles, PolicyDocument } },
  };
}

const ofThisAccount = { Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } };

/** Policy of a caller of a database proxy. */
function caller(statement: object): Resources {
  const PolicyDocument = { Statement: [{ Action: 'rds-db:connect', ...statement }] };
  return { Caller: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'CallerRole' }], PolicyDocument } } };
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
    ['ManageMasterUserPassword', undefined, /not without a chosen password/] as const,
    ['CopyTagsToSnapshot', false, /not tagging/] as const,
  ].map(([key, value, said]): Breaking => [/every database is private/, extended(database({ [key]: value })), said]),
  [
    /managed password or none/,
    extended(database({ MasterUserAuthenticationType: 'iam-db-auth', MasterUserPassword: 'x' })),
    /not without a chosen password/,
  ],
  [
    /created after the policy/,
    extended(database({}, soundParameters, { DependsOn: [] })),
    /Database does not depend on MonitoringPolicy/,
  ],
  [/global condition key/, extended(proxy({}, ofThisAccount)), /ProxyRole has aws:SourceAccount/],
  [/global condition key/, extended(proxy({}, {}, ofThisAccount)), /ProxyPolicy has aws:SourceAccount/],
  [/global condition key/, extended(caller(ofThisAccount)), /Caller has aws:SourceAccount/],
  [/values of statements/, extended(database({ EnableCloudwatchLogsExports: ['slowquery'] })), /exports statements/],
  ...Object.keys(soundParameters)
    .filter((name) => name.startsWith('log_'))
    .map((name): Breaking => [
      /values of statements/,
      extended(database({}, { ...soundParameters, [name]: undefined })),
      /logs bind values/,
    ]),
  [/pinned to a major/, extended(database({ EngineVersion: '17.4' })), /pinned to 17.4/],
  [/pinned to a major/, extended(database({ Engine: 'mysql', EngineVersion: '8.4.7' })), /pinned to 8.4.7/],
  [/two zones/, extended(database({ MultiAZ: false })), /lacks MultiAZ/],
  [/two zones/, extended(database({ DeletionProtection: false })), /lacks DeletionProtection/],
  [/forces TLS/, extended(database({}, { 'rds.force_ssl': '0' })), /without TLS/],
  [/proxy requires TLS/, extended(proxy({ RequireTLS: false })), /does not require TLS/],
  [/proxy requires TLS/, extended(proxy({ Auth: [{ IAMAuth: 'DISABLED' }] })), /accepts a password/],
  [/proxy requires TLS/, extended(proxy({ Auth: undefined, DefaultAuthScheme: 'NONE' })), /no authentication/],
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
