import { isObject, resourcesOf, type Assembly, type JsonObject } from '../localize/assembly';
import { referenceOf } from '../localize/removal';

/** The database that a stack needs, according to its template. */
export interface RequiredDatabase {
  readonly engine: 'postgres' | 'mysql';
  readonly owner: string;
  readonly database: string;
  /** Limit of the server. */
  readonly maxConnections: number;
  /** Limit of the proxy. */
  readonly mostConnections: number;
  readonly borrowMilliseconds: number;
}

/** Returns undefined if none of the deployed stacks has a proxy. */
export function readRequiredDatabase(assembly: Assembly, stackIds: readonly string[]): RequiredDatabase | undefined {
  const deployed = (type: string) => resourcesOf(assembly, type).filter(({ stack }) => stackIds.includes(stack.id));
  const [proxy, ...others] = deployed('AWS::RDS::DBProxy');
  if (proxy === undefined) return undefined;
  if (others.length > 0) throw new Error('two stacks of this run have a database: run one at a time');
  const ofStack = (type: string): JsonObject =>
    deployed(type).find(({ stack }) => stack === proxy.stack)?.resource.Properties ?? {};
  const instance = ofStack('AWS::RDS::DBInstance');
  const limits = objectAt(ofStack('AWS::RDS::DBProxyTargetGroup'), 'ConnectionPoolConfigurationInfo');
  const groupId = referenceOf(instance['DBParameterGroupName'])?.id ?? '';
  const parameters = objectAt(proxy.stack.template.Resources[groupId]?.Properties ?? {}, 'Parameters');
  const maxConnections = Number(parameters['max_connections']);
  return {
    engine: proxy.resource.Properties?.['EngineFamily'] === 'MYSQL' ? 'mysql' : 'postgres',
    owner: textAt(instance, 'MasterUsername'),
    database: textAt(instance, 'DBName'),
    maxConnections,
    mostConnections: Math.floor((maxConnections * Number(limits['MaxConnectionsPercent'])) / 100),
    borrowMilliseconds: Number(limits['ConnectionBorrowTimeout']) * 1_000,
  };
}

function objectAt(properties: JsonObject, key: string): JsonObject {
  const value = properties[key];
  return isObject(value) ? value : {};
}

function textAt(properties: JsonObject, key: string): string {
  const value = properties[key];
  if (typeof value !== 'string') throw new Error(`the database in the template has no ${key} that is plain text`);
  return value;
}
