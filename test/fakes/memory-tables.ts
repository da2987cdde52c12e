import { DynamoDBClient, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { FakeDynamoDB } from './fake-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Tables of order-workflow, with the schemas of its template. */
const schemas = {
  Orders: {
    partitionKey: 'orderId',
    indexes: { watched: { partitionKey: 'watch', sortKey: 'watchedSince', projection: [] } },
  },
  Inventory: { partitionKey: 'sku' },
  Approvals: { partitionKey: 'orderId' },
  Payments: { partitionKey: 'orderId' },
};

// Before any test replaces it.
const send = Reflect.get(DynamoDBClient.prototype, 'send') as (
  this: DynamoDBClient,
  command: object,
) => Promise<object>;

/** Tables of order-workflow in memory, behind a client of the SDK. */
export class MemoryTables {
  readonly #fake = new FakeDynamoDB(schemas);
  readonly #client = new DynamoDBClient(this.#fake.clientConfig);

  put(table: keyof typeof schemas, item: Item): void {
    this.#fake.put(table, item as never);
  }

  item(table: keyof typeof schemas, id: string): Item | undefined {
    return this.#fake.item(table, { [schemas[table].partitionKey]: { S: id } }) as Item | undefined;
  }

  send(command: object): Promise<object> {
    return send.call(this.#client, command);
  }
}
