import { databaseProxy } from '../../../../tools/local/localize/database-proxy';
import { assemblyOf, host, nodeFunction, templateOf } from './small-assembly';

const database = { port: 40_123, proxyId: 'prx-local', owner: 'owner', ownerPassword: 'secret' };
const endpoint = { 'Fn::GetAtt': ['Proxy', 'Endpoint'] };
const secretArn = { 'Fn::GetAtt': ['Instance', 'MasterUserSecret.SecretArn'] };

function stack() {
  const variables = { PROXY_ENDPOINT: endpoint, DATABASE_PORT: '5432' };
  return assemblyOf(
    {
      Proxy: { Type: 'AWS::RDS::DBProxy', Properties: { Auth: [{ SecretArn: secretArn }] } },
      Targets: { Type: 'AWS::RDS::DBProxyTargetGroup', Properties: { DBProxyName: { Ref: 'Proxy' } } },
      Instance: { Type: 'AWS::RDS::DBInstance', Properties: { ManageMasterUserPassword: true } },
      Inside: nodeFunction({ Environment: { Variables: variables } }),
      Outside: nodeFunction({ Environment: { Variables: { DATABASE_PORT: '5432' } } }),
    },
    { Secret: { Value: secretArn }, Endpoint: { Value: endpoint } },
  );
}

test('functions of a proxy get the host and port of the stand-in', () => {
  const assembly = stack();
  expect(databaseProxy.apply(assembly, { ...host, database })).toEqual(['Photos/Proxy']);
  const { Resources, Outputs } = templateOf(assembly);
  expect(Resources['Inside']?.Properties?.['Environment']).toEqual({
    Variables: { PROXY_ENDPOINT: 'localhost', DATABASE_PORT: '40123' },
  });
  expect(Resources['Outside']?.Properties?.['Environment']).toEqual({ Variables: { DATABASE_PORT: '5432' } });
  expect(Outputs?.['Endpoint']).toEqual({ Value: 'localhost' });
  expect(Object.keys(Resources)).not.toContain('Proxy');
  expect(Object.keys(Resources)).not.toContain('Targets');
});

test("a secret with the local owner's password replaces the one that RDS manages", () => {
  const assembly = stack();
  databaseProxy.apply(assembly, { ...host, database });
  const { Resources, Outputs } = templateOf(assembly);
  expect(Outputs?.['Secret']).toEqual({ Value: { Ref: 'InstanceOwnerSecret' } });
  expect(Resources['InstanceOwnerSecret']).toEqual({
    Type: 'AWS::SecretsManager::Secret',
    Properties: { SecretString: JSON.stringify({ username: 'owner', password: 'secret' }) },
  });
});

test('a stack that is not deployed in this run needs no database', () => {
  const assembly = stack();
  databaseProxy.apply(assembly, host);
  expect(templateOf(assembly).Resources['Inside']?.Properties?.['Environment']).toMatchObject({
    Variables: { DATABASE_PORT: '5432' },
  });
});
