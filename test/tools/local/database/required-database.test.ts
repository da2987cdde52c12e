import { readRequiredDatabase } from '../../../../tools/local/database/required-database';
import { assemblyOf } from '../localize/small-assembly';

const resources = (engine: string) => ({
  Proxy: { Type: 'AWS::RDS::DBProxy', Properties: { EngineFamily: engine } },
  Targets: {
    Type: 'AWS::RDS::DBProxyTargetGroup',
    Properties: { ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 25, ConnectionBorrowTimeout: 5 } },
  },
  Instance: {
    Type: 'AWS::RDS::DBInstance',
    Properties: { MasterUsername: 'owner', DBName: 'app', DBParameterGroupName: { Ref: 'Parameters' } },
  },
  Parameters: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Parameters: { max_connections: '50' } } },
});

it('reads the required database from the template', () => {
  expect(readRequiredDatabase(assemblyOf(resources('POSTGRESQL')), ['Photos'])).toEqual({
    engine: 'postgres',
    owner: 'owner',
    database: 'app',
    maxConnections: 50,
    mostConnections: 12,
    borrowMilliseconds: 5_000,
  });
  expect(readRequiredDatabase(assemblyOf(resources('MYSQL')), ['Photos'])?.engine).toBe('mysql');
});

it('needs none for a stack that is not deployed or has no proxy', () => {
  expect(readRequiredDatabase(assemblyOf(resources('MYSQL')), ['Others'])).toBeUndefined();
  expect(readRequiredDatabase(assemblyOf({}), ['Photos'])).toBeUndefined();
});
