import { holds, invalid, Substitutions, type Placeholders } from './dynamodb-expressions';
import { list, projected, type Listing, type Read } from './dynamodb-reads';
import { pick, Table, type TableSchema } from './dynamodb-table';
import { applyUpdate, requireSameKey } from './dynamodb-updates';
import type { Item } from './dynamodb-values';
import { JsonService, Refusal } from './json-service';

interface Target extends Placeholders {
  readonly TableName: string;
  readonly ConditionExpression?: string;
  readonly ReturnValues?: 'NONE' | 'ALL_OLD' | 'ALL_NEW' | 'UPDATED_OLD' | 'UPDATED_NEW';
  readonly ReturnValuesOnConditionCheckFailure?: 'NONE' | 'ALL_OLD';
}
type Put = Target & { readonly Item: Item };
type Keyed = Target & { readonly Key: Item };
type Update = Keyed & { readonly UpdateExpression?: string };
type Transacted = {
  readonly Put?: Put;
  readonly Update?: Update;
  readonly Delete?: Keyed;
  readonly ConditionCheck?: Keyed;
};
/** DynamoDB with these tables in memory: conditions are checked and items written in one step. */
export class FakeDynamoDB extends JsonService {
  readonly serviceId = 'DYNAMODB';
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #transactions = new Map<string, string>();

  constructor(schemas: Readonly<Record<string, TableSchema>>) {
    super();
    this.#tables = new Map(Object.entries(schemas).map(([name, schema]) => [name, new Table(name, schema)]));
  }

  /** @throws Refusal where there is no such table */
  table(name: string): Table {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Refusal('ResourceNotFoundException', `Requested resource not found: ${name}`);
    return table;
  }

  /** A change of items that the test makes. */
  put(tableName: string, item: Item): void {
    this.table(tableName).put(item);
  }

  item(tableName: string, key: Item): Item | undefined {
    return this.table(tableName).find(key);
  }

  protected readonly operationHandlers = {
    GetItem: (input: Read & { Key: Item }) => {
      const found = this.table(input.TableName).find(input.Key);
      return found === undefined ? {} : { Item: projected([found], input)[0] };
    },
    PutItem: (input: Put) => this.#write(input, this.table(input.TableName).keyOf(input.Item), () => input.Item),
    UpdateItem: (input: Update) => this.#update(input),
    DeleteItem: (input: Keyed) => this.#write(input, input.Key, () => undefined),
    Query: (input: Listing) => list(this.table(input.TableName), input, true),
    Scan: (input: Listing) => list(this.table(input.TableName), input, false),
    BatchGetItem: ({ RequestItems }: { RequestItems: Record<string, Omit<Read, 'TableName'> & { Keys: Item[] }> }) => {
      refuseTooMany(
        Object.values(RequestItems).flatMap(({ Keys }) => Keys),
        100,
        'keys',
      );
      const answers = Object.entries(RequestItems).map(([TableName, { Keys, ...more }]) => {
        const table = this.table(TableName);
        refuseDuplicates(Keys.map((key) => table.id(key)));
        const found = Keys.map((key) => table.find(key)).filter((item) => item !== undefined);
        return [TableName, projected(found, { ...more, TableName })] as const;
      });
      return { Responses: Object.fromEntries(answers), UnprocessedKeys: {} };
    },
    BatchWriteItem: ({ RequestItems }: { RequestItems: Record<string, BatchWrite[]> }) => {
      refuseTooMany(Object.values(RequestItems).flat(), 25, 'requests');
      for (const [name, writes] of Object.entries(RequestItems)) {
        const table = this.table(name);
        refuseDuplicates(
          writes.map(({ PutRequest, DeleteRequest }) => table.id(PutRequest?.Item ?? DeleteRequest!.Key)),
        );
        for (const { PutRequest, DeleteRequest } of writes) {
          if (PutRequest) table.put(PutRequest.Item);
          else table.remove(DeleteRequest!.Key);
        }
      }
      return { UnprocessedItems: {} };
    },
    TransactGetItems: ({ TransactItems }: { TransactItems: { Get: Read & { Key: Item } }[] }) => ({
      Responses: TransactItems.map(({ Get }) => this.operationHandlers.GetItem(Get)),
    }),
    TransactWriteItems: (input: { TransactItems: Transacted[]; ClientRequestToken: string }) =>
      this.#transactOnce(input.ClientRequestToken, input.TransactItems),
  };

  #update(input: Update): object {
    const { UpdateExpression, TableName, Key } = input;
    return this.#write(input, Key, (there, from) => {
      const before = there ?? Key;
      const after = UpdateExpression === undefined ? before : applyUpdate(UpdateExpression, before, from);
      requireSameKey(before, after, this.table(TableName).key);
      return after;
    });
  }

  #write(input: Target, key: Item, change: (there: Item | undefined, from: Substitutions) => Item | undefined): object {
    const table = this.table(input.TableName);
    const there = table.find(key);
    const from = new Substitutions(input);
    if (!holds('ConditionExpression', input.ConditionExpression, there ?? {}, from)) {
      const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && there !== undefined;
      const message = 'The conditional request failed';
      throw new Refusal('ConditionalCheckFailedException', message, shown ? { Item: there } : {});
    }
    const after = change(there, from);
    from.requireAllUsed();
    if (after === undefined) table.remove(key);
    else table.put(after);
    return returned(input.ReturnValues, there, after);
  }

  /** The SDK gives each command a token, so that a repeated attempt of it does nothing twice. */
  #transactOnce(token: string, items: readonly Transacted[]): object {
    const content = JSON.stringify(items);
    const before = this.#transactions.get(token);
    if (before === content) return {};
    if (before !== undefined)
      throw new Refusal('IdempotentParameterMismatchException', 'another request had this token');
    const answer = this.#transact(items);
    this.#transactions.set(token, content);
    return answer;
  }

  #transact(items: readonly Transacted[]): object {
    refuseTooMany(items, 100, 'operations');
    const writes = items.map((item) => this.#transacted(item));
    refuseDuplicates(writes.map(({ id }) => id));
    const restores = [...this.#tables.values()].map((table) => table.copy());
    const restoreAll = () => restores.forEach((restore) => restore());
    const reasons = writes.map(({ write }) => reasonOf(write, restoreAll));
    if (reasons.every(({ Code }) => Code === 'None')) return {};
    restoreAll();
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new Refusal(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      { CancellationReasons: reasons },
    );
  }

  #transacted({ Put, Update, Delete, ConditionCheck }: Transacted): { id: string; write: () => object } {
    const target = Put ?? Update ?? Delete ?? ConditionCheck;
    if (target === undefined) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    const id = `${target.TableName} ${this.table(target.TableName).id('Item' in target ? target.Item : target.Key)}`;
    if (Put) return { id, write: () => this.operationHandlers.PutItem(Put) };
    if (Update) return { id, write: () => this.#update(Update) };
    if (Delete) return { id, write: () => this.operationHandlers.DeleteItem(Delete) };
    return { id, write: () => this.#write(target, (target as Keyed).Key, (there) => there) };
  }
}

interface BatchWrite {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

/** @param giveUp called where the whole request is invalid */
function reasonOf(write: () => object, giveUp: () => void): { Code: string; Message?: string; Item?: Item } {
  try {
    write();
    return { Code: 'None' };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'ConditionalCheckFailedException') {
      giveUp();
      throw error;
    }
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...error.members };
  }
}

function returned(which: Target['ReturnValues'] = 'NONE', before: Item | undefined, after: Item | undefined): object {
  if (which === 'NONE') return {};
  const shown = which.endsWith('OLD') ? before : after;
  if (shown === undefined) return {};
  const other = (which.endsWith('OLD') ? after : before) ?? {};
  const changed = Object.keys(shown).filter((name) => shown[name] !== other[name]);
  return { Attributes: which.startsWith('ALL') ? shown : pick(shown, changed) };
}

function refuseTooMany(all: readonly unknown[], most: number, what: string): void {
  if (all.length === 0 || all.length > most) throw invalid(`Use between 1 and ${most} ${what}, received ${all.length}`);
}

function refuseDuplicates(ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw invalid('One request cannot include multiple operations on one item');
}
