import { readRequiredDatabase } from '../../../../tools/local/database/required-database';
import { assemblyOf } from '../localize/small-assembly';

const userArn = (user: string) => ({
  'Fn::Join': ['', ['arn:aws:rds-db:…:dbuser:', { 'Fn::GetAtt': ['Instance', 'DbiResourceId'] }, `/${user}`]],
});
const service = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'rds.amazonaws.com' } };

const resources = (engine: string, changes: object = {}, parameters: object = {}) => ({
  Proxy: {
    Type: 'AWS::RDS::DBProxy',
    Properties: { EngineFamily: engine, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  },
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [service] } } },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: { Statement: [{ Action: 'rds-db:connect', Resource: [userArn('owner'), userArn('reader')] }] },
    },
  },
  OtherPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'OtherRole' }],
      PolicyDocument: { Statement: [{ Action: 'rds-db:connect', Resource: userArn('other') }] },
    },
  },
  Targets: {
    Type: 'AWS::RDS::DBProxyTargetGroup',
    Properties: { ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 25, ConnectionBorrowTimeout: 5 } },
  },
  Instance: {
    Type: 'AWS::RDS::DBInstance',
    Properties: { MasterUsername: 'owner', DBName: 'app', DBParameterGroupName: { Ref: 'Parameters' } },
  },
  Parameters: {
    Type: 'AWS::RDS::DBParameterGroup',
    Properties: { Parameters: { max_connections: '50', ...parameters } },
  },
  ...changes,
});
const read = (...given: Parameters<typeof resources>) =>
  readRequiredDatabase(assemblyOf(resources(...given)), ['Photos']);

it('reads the required database from the template', () => {
  expect(read('POSTGRESQL')).toEqual({
    engine: 'postgres',
    owner: 'owner',
    database: 'app',
    maxConnections: 50,
    mostConnections: 12,
    borrowMilliseconds: 5_000,
    iamUsers: ['owner', 'reader'],
    hasOwnerSecret: false,
  });
});

it('reads what MySQL needs besides', () => {
  const Proxy = {
    Type: 'AWS::RDS::DBProxy',
    Properties: {
      EngineFamily: 'MYSQL',
      RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Auth: [{ AuthScheme: 'SECRETS', SecretArn: 'arn' }],
    },
  };
  expect(read('MYSQL', { Proxy }, { innodb_lock_wait_timeout: '4' })).toMatchObject({
    engine: 'mysql',
    hasOwnerSecret: true,
    lockWaitSeconds: 4,
  });
});

it('fails for a role that RDS Proxy cannot assume', () => {
  const Condition = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  const Role = {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: { Statement: [{ ...service, Condition }] } },
  };
  expect(() => read('POSTGRESQL', { Role })).toThrow(/cannot assume Role: its trust has "aws:SourceAccount"/);
});

it('needs none for a stack that is not deployed or has no proxy', () => {
  expect(readRequiredDatabase(assemblyOf(resources('MYSQL')), ['Others'])).toBeUndefined();
  expect(readRequiredDatabase(assemblyOf({}), ['Photos'])).toBeUndefined();
});
