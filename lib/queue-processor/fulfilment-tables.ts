import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { tableDefaults, textKey } from '../constructs/table-defaults';

export interface FulfilmentTablesProps {
  readonly config: Config;
}

/** Tables that orders take effect in, and the reasons of those that failed. */
export class FulfilmentTables extends Construct {
  /** Key `orderId`; `status` is `fulfilled` or `backordered`. */
  readonly fulfilments: TableV2;
  /** Key `sku`; `available` in units. */
  readonly stock: TableV2;
  /** Key `messageId`; items expire after their message. */
  readonly failureReasons: TableV2;

  constructor(scope: Construct, id: string, props: FulfilmentTablesProps) {
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
