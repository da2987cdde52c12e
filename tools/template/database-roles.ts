import { asArray, resourcesIn, type Resource, type Template } from './template';
import type { Need } from './grants';

type Properties = Readonly<Record<string, unknown>>;

/** Reference to a role, with the actions that it needs. */
export type RoleNeeds = readonly [role: unknown, needs: readonly Need[]];

/** Actions needed by the roles of database proxies, of instances (for monitoring) and of VPC flow logs. */
export function needsAroundDatabases({ Resources }: Template): RoleNeeds[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]): RoleNeeds[] => {
    switch (Type) {
      case 'AWS::RDS::DBProxy':
        return [[Properties['RoleArn'], needsOfProxy(id, Properties, Resources)]];
      case 'AWS::RDS::DBInstance':
        return [[Properties['MonitoringRoleArn'], monitoring]];
      case 'AWS::EC2::FlowLog':
        return [[Properties['DeliverLogsPermissionArn'], needsOfFlowLog(Properties)]];
      default:
        return [];
    }
  });
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html */
function needsOfProxy(id: string, properties: Properties, resources: Template['Resources']): Need[] {
  const instances = Object.values(resources)
    .filter(({ Type, Properties }) => Type.endsWith('DBProxyTargetGroup') && isOf(Properties?.['DBProxyName'], id))
    .flatMap(({ Properties }) => resourcesIn(Properties?.['DBInstanceIdentifiers']));
  const secrets = (asArray(properties['Auth']) as Properties[]).flatMap(({ SecretArn }) => resourcesIn(SecretArn));
  const byIam = properties['DefaultAuthScheme'] === 'IAM_AUTH' ? instances : [];
  return [
    ...secrets.map((secret) => `secretsmanager:GetSecretValue ${secret}`),
    ...secrets.flatMap((secret) => keyOf(resources[secret]).map((key) => `kms:Decrypt ${key}`)),
    ...byIam.map((instance) => `rds-db:connect ${instance}`),
  ];
}

/** Customer key of the secret that RDS manages for an instance; AWS's own key needs no permission. */
function keyOf(instance: Resource | undefined): string[] {
  const { KmsKeyId } = (instance?.Properties?.['MasterUserSecret'] ?? {}) as { KmsKeyId?: unknown };
  return resourcesIn(KmsKeyId);
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, for an existing log group. */
function needsOfFlowLog({ LogGroupName }: Properties): Need[] {
  const actions = ['CreateLogStream', 'DescribeLogStreams', 'PutLogEvents'];
  return resourcesIn(LogGroupName).flatMap((group) => actions.map((action) => `logs:${action} ${group}`));
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html: actions of the managed policy. */
const monitoring: readonly Need[] = [
  ...['CreateLogGroup', 'PutRetentionPolicy'].map((action) => `logs:${action} arn:…:logs:…:…:log-group:RDSOSMetrics:*`),
  ...['CreateLogStream', 'DescribeLogStreams', 'GetLogEvents', 'PutLogEvents'].map(
    (action) => `logs:${action} arn:…:logs:…:…:log-group:RDSOSMetrics:log-stream:*`,
  ),
];

function isOf(reference: unknown, id: string): boolean {
  return resourcesIn(reference).includes(id);
}
