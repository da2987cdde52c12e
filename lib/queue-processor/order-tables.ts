import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { tableDefaults, textKey } from '../constructs/table-defaults';

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
    const defaults = tableDefaults(config);
    this.fulfilments = new TableV2(this, 'Fulfilments', { ...defaults, partitionKey: textKey('orderId') });
    this.stock = new TableV2(this, 'Stock', { ...defaults, partitionKey: textKey('sku') });
    this.failureReasons = new TableV2(this, 'FailureReasons', {
      ...defaults,
      partitionKey: textKey('messageId'),
      timeToLiveAttribute: 'expiresAt',
    });
  }
}
