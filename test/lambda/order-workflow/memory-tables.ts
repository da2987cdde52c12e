import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type KeysAndAttributes,
  type Update,
} from '@aws-sdk/client-dynamodb';
import { applyUpdate, holds, type Item, type Names } from './dynamodb-expressions';

/** Tables of a stack in memory: conditions are judged and writes done at one moment, as DynamoDB promises. */
export class MemoryTables {
  private readonly tables = new Map<string, Map<string, Item>>();

  /** @param keys the partition key of each table */
  constructor(private readonly keys: Readonly<Record<string, string>>) {}

  put(table: string, item: Item): void {
    this.tableOf(table).set(this.idOf(table, item), item);
  }

  item(table: string, id: string): Item | undefined {
    return this.tableOf(table).get(id);
  }

  async send(command: object): Promise<object> {
    if (command instanceof GetItemCommand) {
      const { TableName = '', Key = {} } = command.input;
      const Item = this.item(TableName, this.idOf(TableName, Key));
      return Item === undefined ? {} : { Item };
    }
    if (command instanceof PutItemCommand) {
      const { Item = {} } = command.input;
      return this.write(command.input, Item, () => Item);
    }
    if (command instanceof UpdateItemCommand) return this.update(command.input);
    if (command instanceof TransactWriteItemsCommand) {
      return this.transact((command.input.TransactItems ?? []).map((one) => one.Update!));
    }
    if (command instanceof BatchGetItemCommand) return this.batch(command.input.RequestItems ?? {});
    if (command instanceof QueryCommand) return this.query(command.input);
    throw new Error(`the tables in memory do not know ${command.constructor.name}: teach them`);
  }

  private update(input: UpdateInput): object {
    const { Key = {}, UpdateExpression = '' } = input;
    return this.write(input, Key, (there) => applyUpdate(UpdateExpression, there ?? Key, namesOf(input)));
  }

  private write(input: WriteInput, key: Item, change: (there: Item | undefined) => Item): object {
    const { TableName = '' } = input;
    const there = this.item(TableName, this.idOf(TableName, key));
    if (!allows(input, there)) {
      const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && there ? { Item: { ...there } } : {};
      throw new ConditionalCheckFailedException({ message: 'the condition failed', $metadata: {}, ...shown });
    }
    this.put(TableName, change(there));
    return {};
  }

  private transact(updates: readonly Update[]): object {
    const Codes = updates.map((update) => {
      const { TableName = '', Key = {} } = update;
      return allows(update, this.item(TableName, this.idOf(TableName, Key))) ? 'None' : 'ConditionalCheckFailed';
    });
    if (Codes.some((code) => code !== 'None')) {
      const CancellationReasons = Codes.map((Code) => ({ Code }));
      throw new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
    }
    for (const update of updates) this.update(update);
    return {};
  }

  private batch(requests: Readonly<Record<string, KeysAndAttributes>>): object {
    const found = Object.entries(requests).map(([table, { Keys = [] }]) => [
      table,
      Keys.map((key) => this.item(table, this.idOf(table, key))).filter((item) => item !== undefined),
    ]);
    return { Responses: Object.fromEntries(found) as object };
  }

  /** The index `watched`, sorted by `watchedSince`. */
  private query(input: QueryCommand['input']): object {
    const { TableName = '', KeyConditionExpression = '' } = input;
    const since = (item: Item) => item['watchedSince']?.S ?? '';
    const Items = [...this.tableOf(TableName).values()]
      .filter((item) => holds(KeyConditionExpression, item, namesOf(input)))
      .sort((one, other) => since(one).localeCompare(since(other)));
    return { Items };
  }

  private tableOf(name: string): Map<string, Item> {
    const table = this.tables.get(name) ?? new Map<string, Item>();
    this.tables.set(name, table);
    return table;
  }

  private idOf(table: string, item: Item): string {
    const id = item[this.keys[table] ?? '']?.S;
    if (id === undefined) throw new Error(`no key of table '${table}' in ${Object.keys(item).join(', ')}`);
    return id;
  }
}

type UpdateInput = UpdateItemCommand['input'];
type WriteInput = Omit<UpdateInput, 'Key' | 'UpdateExpression'>;
type Expressions = Pick<UpdateInput, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

function namesOf({ ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Expressions): Names {
  return { names, values };
}

function allows(input: Expressions & { ConditionExpression?: string | undefined }, item: Item | undefined): boolean {
  return input.ConditionExpression === undefined || holds(input.ConditionExpression, item ?? {}, namesOf(input));
}
