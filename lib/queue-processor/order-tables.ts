import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Config } from '../config';

export interface OrderTablesProps {
  readonly config: Config;
}

/** What orders take effect in, and why those that failed did. */
export class OrderTables extends Construct {
  /** By `orderId`; `status` is `fulfilled` or `backordered`. */
  readonly fulfilments: TableV2;
  /** By `sku`; `available` in units. */
  readonly stock: TableV2;
  /** By `messageId`, forgotten once the message is. */
  readonly failureReasons: TableV2;

  constructor(scope: Construct, id: string, props: OrderTablesProps) {
    super(scope, id);
    const { config } = props;
    const kept: Omit<TablePropsV2, 'partitionKey'> = {
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: config.retainData,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.fulfilments = new TableV2(this, 'Fulfilments', { ...kept, partitionKey: key('orderId') });
    this.stock = new TableV2(this, 'Stock', { ...kept, partitionKey: key('sku') });
    this.failureReasons = new TableV2(this, 'FailureReasons', {
      ...kept,
      partitionKey: key('messageId'),
      timeToLiveAttribute: 'expiresAt',
    });
  }
}

function key(name: string) {
  return { name, type: AttributeType.STRING };
}
