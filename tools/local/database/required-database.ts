import { z } from 'zod';
import {
  isObject,
  resourcesOf,
  type Assembly,
  type Json,
  type JsonObject,
  type StackResource,
} from '../localize/assembly';
import { referenceOf } from '../localize/removal';

/** The database that a stack needs, according to its template. */
export const requiredDatabaseSchema = z.object({
  engine: z.enum(['postgres', 'mysql']),
  owner: z.string(),
  database: z.string(),
  /** Limit of the server. */
  maxConnections: z.int(),
  /** Limit of the proxy. */
  mostConnections: z.int(),
  borrowMilliseconds: z.int(),
  /** Users as whom the role of the proxy may log in to the database by IAM. */
  iamUsers: z.array(z.string()),
  /** Whether the proxy knows the owner's password. */
  hasOwnerSecret: z.boolean(),
  /** Longest waits for rows and for tables, in seconds; undefined for the engine's own. */
  lockWaitSeconds: z.optional(z.number()),
});
export type RequiredDatabase = z.infer<typeof requiredDatabaseSchema>;

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
  const lockWait = parameters['innodb_lock_wait_timeout'];
  const role = roleOf(proxy);
  return {
    engine: proxy.resource.Properties?.['EngineFamily'] === 'MYSQL' ? 'mysql' : 'postgres',
    owner: textAt(instance, 'MasterUsername'),
    database: textAt(instance, 'DBName'),
    maxConnections,
    mostConnections: Math.floor((maxConnections * Number(limits['MaxConnectionsPercent'])) / 100),
    borrowMilliseconds: Number(limits['ConnectionBorrowTimeout']) * 1_000,
    iamUsers: iamUsersOf(proxy, role),
    hasOwnerSecret: arrayAt(proxy.resource.Properties ?? {}, 'Auth').length > 0,
    ...(lockWait === undefined ? {} : { lockWaitSeconds: Number(lockWait) }),
  };
}

/** @throws Error for a role that RDS Proxy cannot assume: it supports no global condition key */
function roleOf(proxy: StackResource): string {
  const id = referenceOf(proxy.resource.Properties?.['RoleArn'])?.id ?? '';
  const trust = objectAt(proxy.stack.template.Resources[id]?.Properties ?? {}, 'AssumeRolePolicyDocument');
  const keys = JSON.stringify(trust).match(/"aws:\w+"/g) ?? [];
  if (keys.length > 0) throw new Error(`RDS Proxy cannot assume ${id}: its trust has ${keys.join(', ')}`);
  return id;
}

/** Users in the statements for `rds-db:connect` of the policies of a role. */
function iamUsersOf({ stack }: StackResource, role: string): string[] {
  return Object.values(stack.template.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties = {} }) => arrayAt(Properties, 'Roles').some((one) => referenceOf(one)?.id === role))
    .flatMap(({ Properties = {} }) => arrayAt(objectAt(Properties, 'PolicyDocument'), 'Statement'))
    .filter((statement) => isObject(statement) && statement['Action'] === 'rds-db:connect')
    .flatMap((statement) => arrayAt(statement as JsonObject, 'Resource'))
    .flatMap((arn) => /:dbuser:.*\/(\w+)"/.exec(JSON.stringify(arn))?.[1] ?? []);
}

function arrayAt(properties: JsonObject, key: string): Json[] {
  const value = properties[key];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
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
