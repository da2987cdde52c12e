import { needsAroundDatabases } from '../../../tools/template/database-roles';
import type { Template } from '../../../tools/template/template';

const template = (auth: string, secretKey: object): Template => ({
  Resources: {
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: { MonitoringRoleArn: { 'Fn::GetAtt': ['Watching', 'Arn'] }, MasterUserSecret: secretKey },
    },
    Proxy: {
      Type: 'AWS::RDS::DBProxy',
      Properties: {
        ...{ RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, DefaultAuthScheme: auth },
        Auth: [{ SecretArn: { 'Fn::GetAtt': ['Database', 'MasterUserSecret.SecretArn'] } }],
      },
    },
    Targets: {
      Type: 'AWS::RDS::DBProxyTargetGroup',
      Properties: { DBProxyName: { Ref: 'Proxy' }, DBInstanceIdentifiers: [{ Ref: 'Database' }] },
    },
    Flows: {
      Type: 'AWS::EC2::FlowLog',
      Properties: { DeliverLogsPermissionArn: { 'Fn::GetAtt': ['Flowing', 'Arn'] }, LogGroupName: { Ref: 'Log' } },
    },
  },
});
const needsOf = (role: string, one: Template) =>
  needsAroundDatabases(one).flatMap(([reference, needs]) => (JSON.stringify(reference).includes(role) ? needs : []));

it('a proxy reads the secrets of its users, and needs rds-db:connect only with IAM authentication', () => {
  const secret = 'secretsmanager:GetSecretValue Database';
  expect(needsOf('Role', template('IAM_AUTH', {}))).toEqual([secret, 'rds-db:connect Database']);
  expect(needsOf('Role', template('NONE', {}))).toEqual([secret]);
});

it('a secret with a customer key needs kms:Decrypt', () => {
  const needs = needsOf('Role', template('NONE', { KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } }));
  expect(needs).toEqual(['secretsmanager:GetSecretValue Database', 'kms:Decrypt Key']);
});

it('monitoring and flow logs need their log groups', () => {
  const one = template('IAM_AUTH', {});
  expect(needsOf('Watching', one)).toContain('logs:CreateLogGroup arn:…:logs:…:…:log-group:RDSOSMetrics:*');
  expect(needsOf('Flowing', one)).toEqual([
    'logs:CreateLogStream Log',
    'logs:DescribeLogStreams Log',
    'logs:PutLogEvents Log',
  ]);
});
