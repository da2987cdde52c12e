import { ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { watchedIndexName } from '../../lambda/order-workflow/order-record';
import { tableDefaults, textKey } from '../constructs/table-defaults';

export interface OrderTablesProps {
  readonly config: Config;
}

/** Tables of orders, approvals, stock and sandbox payments. */
export class OrderTables extends Construct {
  /** Key `orderId`; the index `watched` holds the orders that wait, by `watch`, oldest first. */
  readonly orders: TableV2;
  /** Key `orderId`, with the task token of an open approval. */
  readonly approvals: TableV2;
  /** Key `sku`; `available` in units. */
  readonly inventory: TableV2;
  /** Ledger of the sandbox payment service, key `orderId`. */
  readonly payments: TableV2;

  constructor(scope: Construct, id: string, props: OrderTablesProps) {
    super(scope, id);
    const { config } = props;
    const defaults = tableDefaults(config);
    this.orders = new TableV2(this, 'Orders', {
      ...defaults,
      partitionKey: textKey('orderId'),
      // Sparse: only orders that wait for their execution or for a person have these attributes.
      globalSecondaryIndexes: [
        {
          indexName: watchedIndexName,
          partitionKey: textKey('watch'),
          sortKey: textKey('watchedSince'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.approvals = new TableV2(this, 'Approvals', { ...defaults, partitionKey: textKey('orderId') });
    this.inventory = new TableV2(this, 'Inventory', { ...defaults, partitionKey: textKey('sku') });
    this.payments = new TableV2(this, 'Payments', { ...defaults, partitionKey: textKey('orderId') });
  }
}
