import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Config } from '../config';

export interface OrderTablesProps {
  readonly config: Config;
}

/** The index of orders that wait for a person. */
export const watchedIndexName = 'watched';

/** What orders are, who is asked about them, and what they take. */
export class OrderTables extends Construct {
  /** By `orderId`; orders that wait for a person are in the index `watched` by `watch`, oldest first. */
  readonly orders: TableV2;
  /** By `orderId`, with the task token of an approval that is open. */
  readonly approvals: TableV2;
  /** By `sku`; `available` in units. */
  readonly inventory: TableV2;
  /** The ledger of the sandbox payment service, by `orderId`. */
  readonly payments: TableV2;

  constructor(scope: Construct, id: string, props: OrderTablesProps) {
    super(scope, id);
    const { config } = props;
    const kept: Omit<TablePropsV2, 'partitionKey'> = {
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: config.retainData,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.orders = new TableV2(this, 'Orders', {
      ...kept,
      partitionKey: key('orderId'),
      // Sparse: only orders that wait for a person have these attributes.
      globalSecondaryIndexes: [
        {
          indexName: watchedIndexName,
          partitionKey: key('watch'),
          sortKey: key('watchedSince'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.approvals = new TableV2(this, 'Approvals', { ...kept, partitionKey: key('orderId') });
    this.inventory = new TableV2(this, 'Inventory', { ...kept, partitionKey: key('sku') });
    this.payments = new TableV2(this, 'Payments', { ...kept, partitionKey: key('orderId') });
  }
}

function key(name: string) {
  return { name, type: AttributeType.STRING };
}
