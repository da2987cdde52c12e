import type { PriceTable } from './price-table';
import { propertiesOf, references, type Resource, type Template } from '../template/template';

/** Priced quantity. */
export interface Amount {
  /** Key of the price table's `prices`. */
  readonly price: string;
  readonly quantity: number;
}

/** Cost that needs more than one entry of the price table, such as that of a database class. */
export interface ComputedCost {
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: number;
}

export type FixedCost = Amount | ComputedCost;

type FixedCostsOf = (resource: Resource, template: Template, table: PriceTable) => readonly FixedCost[];

/** Hours of an average month as AWS counts them: 365 × 24 / 12. */
export const hoursAMonth = 730;

export const daysAMonth = 365 / 12;

/**
 * Lambda polls an empty standard queue with five long polls of 20 seconds.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const pollsAnHour = 15 * 60;

const one =
  (price: string): FixedCostsOf =>
  () => [{ price, quantity: 1 }];
const hourly =
  (price: string): FixedCostsOf =>
  () => [{ price, quantity: hoursAMonth }];

/** Fixed monthly costs of a resource, by its type; types that are not listed have none. */
export const fixedCosts: Readonly<Record<string, FixedCostsOf>> = {
  'AWS::CloudWatch::Alarm': (alarm) => {
    const { Metrics, Period } = propertiesOf(alarm) as {
      Metrics?: readonly { MetricStat?: object }[];
      Period?: number;
    };
    const quantity = Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
    return [{ price: Period !== undefined && Period < 60 ? 'fast-alarm-metrics' : 'alarm-metrics', quantity }];
  },
  'AWS::CloudWatch::Dashboard': one('dashboards'),
  'AWS::KMS::Key': one('keys'),
  'AWS::SecretsManager::Secret': one('secrets'),
  'AWS::WAFv2::WebACL': (acl) => [
    { price: 'web-acls', quantity: 1 },
    { price: 'web-acl-rules', quantity: (propertiesOf(acl)['Rules'] as readonly unknown[] | undefined)?.length ?? 0 },
  ],
  'AWS::Cognito::UserPoolClient': (client) => {
    const flows = propertiesOf(client)['AllowedOAuthFlows'] as readonly string[] | undefined;
    return flows?.includes('client_credentials') === true ? [{ price: 'machine-clients', quantity: 1 }] : [];
  },
  'AWS::EC2::NatGateway': hourly('nat-gateways'),
  'AWS::EC2::EIP': hourly('public-addresses'),
  'AWS::EC2::VPCEndpoint': (endpoint) => {
    const { VpcEndpointType, SubnetIds } = propertiesOf(endpoint) as {
      VpcEndpointType?: string;
      SubnetIds?: readonly unknown[];
    };
    // Gateway endpoints (S3 and DynamoDB) are free.
    if (VpcEndpointType !== 'Interface') return [];
    return [{ price: 'vpc-endpoints', quantity: (SubnetIds?.length ?? 1) * hoursAMonth }];
  },
  'AWS::Kinesis::Stream': (stream) =>
    isOnDemand(stream)
      ? [{ price: 'on-demand-streams', quantity: hoursAMonth }]
      : [{ price: 'stream-shards', quantity: shardsOf(stream) * hoursAMonth }],
  'AWS::Kinesis::StreamConsumer': (consumer, template) => {
    const [id = ''] = references(propertiesOf(consumer)['StreamARN']);
    const stream = template.Resources[id];
    // A stream on demand has no hourly price for its consumers.
    if (stream === undefined || isOnDemand(stream)) return [];
    return [{ price: 'stream-consumers', quantity: shardsOf(stream) * hoursAMonth }];
  },
  'AWS::Lambda::EventSourceMapping': (mapping, template) => {
    const [source] = references(propertiesOf(mapping)['EventSourceArn']);
    const isQueue = source !== undefined && template.Resources[source]?.Type === 'AWS::SQS::Queue';
    return isQueue ? [{ price: 'queue-requests', quantity: pollsAnHour * hoursAMonth }] : [];
  },
  'AWS::RDS::DBInstance': (instance, _template, table) => {
    const properties = propertiesOf(instance);
    const copies = properties['MultiAZ'] === true ? 2 : 1;
    const { name, usdAnHour } = classOf(instance, table);
    const hours = copies * hoursAMonth;
    return [
      { what: name, quantity: hours, unit: 'hours', usd: hours * usdAnHour },
      { price: 'database-storage', quantity: copies * Number(properties['AllocatedStorage']) },
      ...(properties['ManageMasterUserPassword'] === true ? [{ price: 'secrets', quantity: 1 }] : []),
    ];
  },
  'AWS::RDS::DBProxy': (_proxy, template, table) => {
    const instances = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::RDS::DBInstance');
    // RDS Proxy bills at least two vCPUs, even for a smaller database.
    const processors = Math.max(2, ...instances.map((instance) => classOf(instance, table).processors));
    return [{ price: 'database-proxy', quantity: processors * hoursAMonth }];
  },
};

export function isOnDemand(stream: Resource): boolean {
  const { StreamModeDetails } = propertiesOf(stream) as { StreamModeDetails?: { StreamMode?: string } };
  return StreamModeDetails?.StreamMode === 'ON_DEMAND';
}

function shardsOf(stream: Resource): number {
  return Number(propertiesOf(stream)['ShardCount'] ?? 1);
}

function classOf(instance: Resource, table: PriceTable): { name: string; usdAnHour: number; processors: number } {
  const name = String(propertiesOf(instance)['DBInstanceClass']);
  const known = table.databaseClasses[name];
  if (known === undefined) {
    throw new Error(`no price for the database class '${name}': add it to tools/costs/prices.json, with its source`);
  }
  return { name, ...known };
}
