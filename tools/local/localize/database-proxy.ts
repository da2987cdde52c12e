import { account, region } from '../connection';
import {
  isObject,
  mapJson,
  nameOf,
  resourcesOf,
  type Assembly,
  type Json,
  type JsonObject,
  type StackResource,
} from './assembly';
import { referenceOf, removeResources } from './removal';
import type { Host, Rule } from './rule';

/** Host name of the stand-in; its certificate is valid for it, which drivers check. */
const standInHost = 'localhost';

/** Replaces RDS Proxy and the secret that RDS manages by the stand-in of the local run and its owner's secret. */
export const databaseProxy: Rule = {
  name: 'database-proxy',
  reason:
    'the emulator has no RDS Proxy, target group or managed database secret; a real database server and a stand-in for the proxy run beside it',
  apply(assembly, host) {
    return resourcesOf(assembly, 'AWS::RDS::DBProxy').map((proxy) => {
      for (const one of functionsOf(assembly, proxy)) connectTo(host, one);
      const arn = `arn:aws:rds:${region}:${account}:db-proxy:${host.database?.proxyId ?? 'prx-none'}`;
      const standIn = { Ref: 'local-proxy', Endpoint: standInHost, DBProxyArn: arn };
      const groups = resourcesOf(assembly, 'AWS::RDS::DBProxyTargetGroup').filter(({ stack }) => stack === proxy.stack);
      removeResources(proxy.stack, new Map([[proxy.id, standIn], ...groups.map(({ id }) => [id, {}] as const)]));
      addOwnerSecrets(assembly, proxy, host);
      return nameOf(proxy);
    });
  },
};

function functionsOf(assembly: Assembly, proxy: StackResource): StackResource[] {
  return resourcesOf(assembly, 'AWS::Lambda::Function')
    .filter(({ stack }) => stack === proxy.stack)
    .filter(({ resource }) => referenceOf(variablesOf(resource.Properties)?.['PROXY_ENDPOINT'])?.id === proxy.id);
}

/** On AWS the port is the engine's default; here it is a free one. */
function connectTo(host: Host, { resource }: StackResource): void {
  const variables = variablesOf(resource.Properties);
  if (variables !== undefined && host.database !== undefined) variables['DATABASE_PORT'] = String(host.database.port);
}

function variablesOf(properties: JsonObject | undefined): JsonObject | undefined {
  const environment = properties?.['Environment'];
  const variables = isObject(environment) ? environment['Variables'] : undefined;
  return isObject(variables) ? variables : undefined;
}

function addOwnerSecrets(assembly: Assembly, { stack }: StackResource, host: Host): void {
  for (const { id, resource } of resourcesOf(assembly, 'AWS::RDS::DBInstance').filter((one) => one.stack === stack)) {
    if (resource.Properties?.['ManageMasterUserPassword'] !== true) continue;
    const secretId = `${id}OwnerSecret`;
    const replace = (value: Json): Json => {
      const reference = referenceOf(value);
      return reference?.id === id && reference.attribute === 'MasterUserSecret.SecretArn' ? { Ref: secretId } : value;
    };
    for (const other of Object.values(stack.template.Resources)) {
      if (other.Properties !== undefined) other.Properties = mapJson(other.Properties, replace) as JsonObject;
    }
    if (stack.template.Outputs !== undefined) {
      stack.template.Outputs = mapJson(stack.template.Outputs, replace) as JsonObject;
    }
    const secret = { username: host.database?.owner ?? '', password: host.database?.ownerPassword ?? '' };
    stack.template.Resources[secretId] = {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { SecretString: JSON.stringify(secret) },
    };
  }
}
