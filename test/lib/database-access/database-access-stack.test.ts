import type { Template } from 'aws-cdk-lib/assertions';
import { migrations } from '../../../lambda/database-access/migrations';
import { stages, synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

type Properties = Record<string, unknown>;
const cases = stages.flatMap((stage) =>
  (['postgres', 'mysql'] as const).map((engine) => {
    const template = synthesize({ stage, 'database-access': { engine } }).template('DatabaseAccess');
    return { stage, engine, template, port: engine === 'postgres' ? 5432 : 3306 };
  }),
);
const { template } = cases[0]!;

function all(of: Template, type: string): { id: string; properties: Properties; dependsOn: string[] }[] {
  return Object.entries(of.findResources(type)).map(([id, resource]) => {
    const { Properties: properties = {}, DependsOn = [] } = resource as {
      Properties?: Properties;
      DependsOn?: string[];
    };
    return { id, properties, dependsOn: [DependsOn].flat() };
  });
}

function only(of: Template, type: string, start = ''): { id: string; properties: Properties; dependsOn: string[] } {
  const found = all(of, type).filter(({ id }) => id.startsWith(start));
  expect(found).toHaveLength(1);
  return found[0]!;
}

function group(of: Template, name: string): { 'Fn::GetAtt': string[] } {
  return { 'Fn::GetAtt': [only(of, 'AWS::EC2::SecurityGroup', `Network${name}`).id, 'GroupId'] };
}

/** Actions and resources that the policies of a role allow. */
function granted(of: Template, role: string): string[] {
  interface Statement {
    Action: string | string[];
    Resource: unknown;
  }
  return all(of, 'AWS::IAM::Policy')
    .filter(({ properties }) => JSON.stringify(properties['Roles']).includes(`"${role}`))
    .flatMap(({ properties }) => (properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
    .flatMap(({ Action, Resource }) => [Action].flat().map((action) => `${action} on ${JSON.stringify(Resource)}`))
    .sort();
}

describe.each(cases)('$engine in $stage', ({ stage, engine, port, template: made }) => {
  const isProd = stage === 'prod';
  const [functions, proxies, databases] = ['FunctionGroup', 'ProxyGroup', 'DatabaseGroup'].map((name) =>
    group(made, name),
  );

  it('opens one port from functions to the proxy and from the proxy to the database only', () => {
    const link = (from: unknown, to: unknown) => ({ FromPort: port, ToPort: port, IpProtocol: 'tcp', from, to });
    const ends = (type: string, own: string, other: string) =>
      all(made, type).map(({ properties: p }) => {
        const common = { FromPort: p['FromPort'], ToPort: p['ToPort'], IpProtocol: p['IpProtocol'] };
        expect(Object.keys(p).filter((key) => /Cidr|PrefixList/.test(key))).toEqual([]);
        return own === 'from'
          ? { ...common, from: p['GroupId'], to: p[other] }
          : { ...common, from: p[other], to: p['GroupId'] };
      });
    const chain = [link(functions, proxies), link(proxies, databases)];
    const inOrder = (links: object[]) => links.map((one) => JSON.stringify(one)).sort();
    const egress = ends('AWS::EC2::SecurityGroupEgress', 'from', 'DestinationSecurityGroupId');
    const ingress = ends('AWS::EC2::SecurityGroupIngress', 'to', 'SourceSecurityGroupId');
    expect(inOrder(egress)).toEqual(inOrder(chain));
    expect(inOrder(ingress)).toEqual(inOrder(chain));
    for (const { properties } of all(made, 'AWS::EC2::SecurityGroup')) {
      expect(properties['SecurityGroupIngress']).toBeUndefined();
      // CDK's placeholder for no egress: an empty list would allow everything.
      const nowhere = properties['SecurityGroupEgress'] as Properties[] | undefined;
      for (const rule of nowhere ?? [])
        expect(rule).toMatchObject({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' });
    }
  });

  it('puts functions, proxy and database into separate security groups', () => {
    for (const id of ['DataProcessor', 'MigrateFunction']) {
      expect(only(made, 'AWS::Lambda::Function', id).properties['VpcConfig']).toMatchObject({
        SecurityGroupIds: [functions],
      });
    }
    expect(only(made, 'AWS::RDS::DBProxy').properties['VpcSecurityGroupIds']).toEqual([proxies]);
    expect(only(made, 'AWS::RDS::DBInstance').properties['VPCSecurityGroups']).toEqual([databases]);
  });

  it('has no public address and no route out of the network', () => {
    expect(only(made, 'AWS::RDS::DBInstance').properties['PubliclyAccessible']).toBe(false);
    const subnets = all(made, 'AWS::EC2::Subnet');
    expect(subnets).toHaveLength(isProd ? 3 : 2);
    for (const { properties } of subnets) expect(properties['MapPublicIpOnLaunch']).toBe(false);
    for (const type of ['InternetGateway', 'NatGateway', 'EIP', 'Route', 'VPCEndpoint', 'VPCGatewayAttachment']) {
      made.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
  });

  it('accepts only TLS and IAM at the proxy, and uses a password behind it for the owner on MySQL alone', () => {
    const { properties } = only(made, 'AWS::RDS::DBProxy');
    const { id } = only(made, 'AWS::RDS::DBInstance');
    expect(properties).toMatchObject({
      EngineFamily: engine === 'mysql' ? 'MYSQL' : 'POSTGRESQL',
      RequireTLS: true,
      DefaultAuthScheme: 'IAM_AUTH',
      DebugLogging: false,
    });
    const SecretArn = { 'Fn::GetAtt': [id, 'MasterUserSecret.SecretArn'] };
    const ownerSecret = { AuthScheme: 'SECRETS', IAMAuth: 'REQUIRED', SecretArn };
    expect(properties['Auth']).toEqual(engine === 'mysql' ? [expect.objectContaining(ownerSecret)] : undefined);
  });

  it('encrypts the database, forces TLS, and leaves backups and logs to RDS', () => {
    const { properties } = only(made, 'AWS::RDS::DBInstance');
    expect(properties).toMatchObject({
      Port: String(port),
      StorageEncrypted: true,
      EnableIAMDatabaseAuthentication: true,
      MultiAZ: isProd,
      DeletionProtection: isProd,
      BackupRetentionPeriod: isProd ? 14 : 1,
      MonitoringInterval: 60,
      EnableCloudwatchLogsExports: engine === 'mysql' ? ['error'] : ['postgresql', 'upgrade'],
    });
    expect(properties).not.toHaveProperty('MasterUserPassword');
    const { ManageMasterUserPassword, MasterUserAuthenticationType, MasterUserSecret } = properties;
    const ownOfOwner = {
      ManageMasterUserPassword,
      MasterUserAuthenticationType,
      hasKey: MasterUserSecret !== undefined,
    };
    expect(ownOfOwner).toEqual(
      engine === 'mysql'
        ? { ManageMasterUserPassword: true, hasKey: isProd }
        : { MasterUserAuthenticationType: 'iam-db-auth', hasKey: false },
    );
    const { properties: group } = only(made, 'AWS::RDS::DBParameterGroup');
    const tls = engine === 'mysql' ? { require_secure_transport: '1' } : { 'rds.force_ssl': '1' };
    expect(group['Parameters']).toMatchObject({ ...tls, max_connections: '60' });
  });

  it('keeps values of customers out of the exported logs', () => {
    const { Parameters } = only(made, 'AWS::RDS::DBParameterGroup').properties;
    const { EnableCloudwatchLogsExports } = only(made, 'AWS::RDS::DBInstance').properties;
    if (engine === 'mysql') expect(EnableCloudwatchLogsExports).not.toContain('slowquery');
    else {
      expect(Parameters).toMatchObject({
        log_parameter_max_length: '0',
        log_parameter_max_length_on_error: '0',
        log_error_verbosity: 'terse',
      });
    }
  });

  it('limits how long the logs of RDS are kept', () => {
    const { properties } = only(made, 'Custom::SchemaMigrations');
    const logs = only(made, 'AWS::RDS::DBInstance').properties['EnableCloudwatchLogsExports'] as string[];
    const instance = { Ref: only(made, 'AWS::RDS::DBInstance').id };
    expect(properties['LogRetentionDays']).toBe(isProd ? 365 : 30);
    expect(properties['LogGroupNames']).toEqual(
      logs.map((log) => ({ 'Fn::Join': ['', ['/aws/rds/instance/', instance, `/${log}`]] })),
    );
  });

  it('ends a wait for a lock before the statement', () => {
    const { Parameters } = only(made, 'AWS::RDS::DBParameterGroup').properties;
    const limits = { innodb_lock_wait_timeout: '4', lock_wait_timeout: '4', max_execution_time: '8000' };
    if (engine === 'mysql') expect(Parameters).toMatchObject(limits);
    // On PostgreSQL a migration sets the limits of the processor user.
    else expect(JSON.stringify(migrations)).toMatch(/set lock_timeout = '4s'/);
  });

  it('creates the database after the policy of its monitoring role', () => {
    const { properties, dependsOn } = only(made, 'AWS::RDS::DBInstance');
    const [role] = (properties['MonitoringRoleArn'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
    const policies = all(made, 'AWS::IAM::Policy').filter(({ properties: policy }) =>
      JSON.stringify(policy['Roles']).includes(`"${role}"`),
    );
    expect(policies).toHaveLength(1);
    expect(dependsOn).toContain(policies[0]?.id);
  });

  it('pins the engine to its major version', () => {
    expect(only(made, 'AWS::RDS::DBInstance').properties['EngineVersion']).toBe(engine === 'mysql' ? '8.4' : '17');
  });

  it('keeps a snapshot of the database in prod, and nothing in a sandbox', () => {
    const [instance] = Object.values(made.findResources('AWS::RDS::DBInstance')) as { DeletionPolicy: string }[];
    expect(instance?.DeletionPolicy).toBe(isProd ? 'Snapshot' : 'Delete');
  });

  it('migrates after the target group exists and before the function is deployed', () => {
    const migrations = only(made, 'Custom::SchemaMigrations');
    expect(migrations.dependsOn).toContain(only(made, 'AWS::RDS::DBProxyTargetGroup').id);
    expect(only(made, 'AWS::Lambda::Function', 'DataProcessor').dependsOn).toContain(migrations.id);
  });
});

it('uses the first zones of the region, or the named ones', () => {
  const zonesOf = (of: Template) => all(of, 'AWS::EC2::Subnet').map(({ properties }) => properties['AvailabilityZone']);
  expect(zonesOf(template)).toEqual([0, 1].map((number) => ({ 'Fn::Select': [number, { 'Fn::GetAZs': '' }] })));
  const named = synthesize({ 'database-access': { zones: ['us-east-1b', 'us-east-1d'] } }).template('DatabaseAccess');
  expect(zonesOf(named)).toEqual(['us-east-1b', 'us-east-1d']);
});

it('lets each function connect as its own user only', () => {
  const connects = (role: string) => granted(template, role).filter((one) => one.startsWith('rds-db:connect'));
  expect(connects('DataProcessorRole')).toEqual([expect.stringMatching(/"\/data_processor"\]\]}$/) as unknown]);
  expect(connects('MigrateRole')).toEqual([expect.stringMatching(/"\/app_owner"\]\]}$/) as unknown]);
  expect(connects('MigrateOnDeploy')).toEqual([]);
  expect(granted(template, 'MigrateOnDeployRole').join()).toContain(
    'lambda:InvokeFunction on {"Fn::GetAtt":["MigrateFunction',
  );
});

it('lets the proxy of PostgreSQL connect as the owner and the processor user, and read no secret', () => {
  const [connect, ...others] = granted(template, 'AccessRole');
  expect(others).toEqual([]);
  expect(connect).toMatch(/^rds-db:connect on .*DbiResourceId"\]},"\/app_owner".*DbiResourceId"\]},"\/data_processor"/);
});

it('lets the proxy of MySQL connect as the processor user, and read the secret of the owner', () => {
  const mysql = cases.find(({ stage, engine }) => stage === 'sandbox' && engine === 'mysql')!.template;
  const { id } = only(mysql, 'AWS::RDS::DBInstance');
  const [connect, ...others] = granted(mysql, 'AccessRole');
  expect(connect).toMatch(/^rds-db:connect on [^,]*.*DbiResourceId"\]},"\/data_processor"/);
  expect(connect).not.toContain('app_owner');
  expect(others).toEqual([`secretsmanager:GetSecretValue on {"Fn::GetAtt":["${id}","MasterUserSecret.SecretArn"]}`]);
});

it('keeps the instance of an older stack as it was, and its owner without the secret at the proxy', () => {
  const older = synthesize({ 'database-access': { ownerPassword: 'managed' } }).template('DatabaseAccess');
  const { properties } = only(older, 'AWS::RDS::DBInstance');
  expect(properties).toMatchObject({ ManageMasterUserPassword: true });
  expect(properties).not.toHaveProperty('MasterUserAuthenticationType');
  expect(only(older, 'AWS::RDS::DBProxy').properties).not.toHaveProperty('Auth');
  expect(granted(older, 'AccessRole')[0]).toContain('/app_owner');
  expect(Object.keys(older.findOutputs('*'))).toContain('DatabaseSecretArn');
});

it('gives the proxies of the two engines different names, so that one can replace the other', () => {
  const names = (['postgres', 'mysql'] as const).map((engine) => {
    const { template: made } = cases.find((one) => one.engine === engine)!;
    return JSON.stringify(only(made, 'AWS::RDS::DBProxy').properties['DBProxyName']);
  });
  expect(new Set(names).size).toBe(2);
});

it.each([
  ['postgres', 't4g.micro', true],
  ['mysql', 't4g.micro', false],
  ['mysql', 't4g.medium', true],
])('%s on %s has Database Insights: %s', (engine, instanceClass, isOn) => {
  const made = synthesize({ 'database-access': { engine, instanceClass } }).template('DatabaseAccess');
  const { properties } = only(made, 'AWS::RDS::DBInstance');
  const mode = isOn
    ? { EnablePerformanceInsights: true, DatabaseInsightsMode: 'standard' }
    : { EnablePerformanceInsights: false };
  expect(properties).toMatchObject(mode);
});

it('times out the borrowing before the query, and the query before the function', () => {
  const pool = only(template, 'AWS::RDS::DBProxyTargetGroup').properties['ConnectionPoolConfigurationInfo'];
  const { MaxConnectionsPercent: most = 0 } = pool as { MaxConnectionsPercent?: number };
  expect(pool).toMatchObject({ MaxIdleConnectionsPercent: most / 2, ConnectionBorrowTimeout: 5 });
  const { properties } = only(template, 'AWS::Lambda::Function', 'DataProcessor');
  expect(properties).toMatchObject({
    Timeout: 30,
    Environment: { Variables: { QUERY_TIMEOUT_MILLISECONDS: '14000' } },
  });
});

it('has alarms for the proxy and the database', () => {
  const metrics = all(template, 'AWS::CloudWatch::Alarm')
    .filter(({ properties }) => properties['Namespace'] === 'AWS/RDS')
    .map(({ properties }) => `${String(properties['MetricName'])} ${String(properties['Statistic'])}`);
  expect(metrics.sort()).toEqual([
    'CPUSurplusCreditBalance Maximum',
    'CPUUtilization Average',
    'ClientConnections Sum',
    'DatabaseConnections Maximum',
    'DatabaseConnectionsCurrentlySessionPinned Sum',
    'FreeStorageSpace Minimum',
    'FreeableMemory Minimum',
  ]);
});

it.each([
  ['t4g.micro', 107_374_182, 144],
  ['t4g.large', 858_993_459, 432],
  ['m7g.large', 858_993_459, undefined],
  ['r7g.2xlarge', 6_871_947_674, undefined],
  ['z9.metal', 107_374_182, undefined],
])('on %s alarms below %i bytes of memory and at %s CPU credits used in advance', (instanceClass, memory, credits) => {
  const made = synthesize({ stage: 'prod', 'database-access': { instanceClass } }).template('DatabaseAccess');
  const thresholds = (metric: string) =>
    all(made, 'AWS::CloudWatch::Alarm')
      .filter(({ properties }) => properties['MetricName'] === metric)
      .map(({ properties }) => properties['Threshold']);
  expect(thresholds('FreeableMemory')).toEqual([memory]);
  expect(thresholds('CPUSurplusCreditBalance')).toEqual(credits === undefined ? [] : [credits]);
});

it.each([
  ['sandbox', {}, 0],
  ['prod', {}, 1],
  ['sandbox', { dashboard: true }, 1],
  ['prod', { dashboard: false }, 0],
])('in %s with %j creates %i dashboards', (stage, settings, count) => {
  const made = synthesize({ stage, 'database-access': settings }).template('DatabaseAccess');
  made.resourceCountIs('AWS::CloudWatch::Dashboard', count);
});

it('has the documented outputs', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'AlarmTopicArn',
    'DataProcessorFunctionName',
    'MigrateFunctionName',
    'ProxyEndpoint',
  ]);
});

templatesChangeOnlyOnPurpose('DatabaseAccess', [
  { stage: 'prod' },
  { 'database-access': { engine: 'mysql' } },
  { stage: 'prod', 'database-access': { engine: 'mysql' } },
]);
