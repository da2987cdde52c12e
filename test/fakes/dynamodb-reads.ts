import { ExpressionReader, holds, invalid, Substitutions, type Placeholders } from './dynamodb-expressions';
import { isSameKey, keyOf, pick, sorted, type Table } from './dynamodb-table';
import type { Item } from './dynamodb-values';

export interface Read extends Placeholders {
  readonly TableName: string;
  readonly ProjectionExpression?: string;
}

export interface Listing extends Read {
  readonly IndexName?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
  readonly ScanIndexForward?: boolean;
  readonly Select?: string;
}

/** A page of a query (by its key condition, sorted) or of a scan. */
export function list(table: Table, input: Listing, isQuery: boolean): object {
  const { Limit = Infinity, ExclusiveStartKey: start } = input;
  const { schema, items } = table.view(input.IndexName);
  const from = new Substitutions(input);
  const isWanted = (item: Item) => holds('KeyConditionExpression', input.KeyConditionExpression, item, from);
  const passes = (item: Item) => holds('FilterExpression', input.FilterExpression, item, from);
  validate(input, isQuery ? schema.partitionKey : undefined, from, [isWanted, passes]);
  const all = isQuery ? sorted(items.filter(isWanted), schema, input.ScanIndexForward ?? true) : items;
  const key = [...new Set([...keyOf(schema), ...table.key])];
  const after = start === undefined ? 0 : all.findIndex((item) => isSameKey(item, start, key)) + 1;
  const page = all.slice(after, after + Limit);
  const found = page.filter(passes);
  const last = after + page.length < all.length ? page.at(-1) : undefined;
  return {
    ...(input.Select === 'COUNT' ? {} : { Items: projected(found, input) }),
    Count: found.length,
    ScannedCount: page.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: pick(last, key) }),
  };
}

/** The attributes that the projection names, of each item. */
export function projected(items: readonly Item[], input: Read): readonly Item[] {
  if (input.ProjectionExpression === undefined) return items;
  const names = projectedNames(input.ProjectionExpression, new Substitutions(input));
  return items.map((item) => pick(item, names));
}

function projectedNames(expression: string, from: Substitutions): string[] {
  const reader = new ExpressionReader('ProjectionExpression', expression, {}, from);
  const paths = reader.list(() => reader.path());
  if (!reader.done()) throw reader.syntaxError();
  if (paths.some(({ length }) => length > 1)) throw new Error('the fake projects whole attributes only: teach it');
  return paths.map(([name]) => String(name));
}

/** Checks the expressions on an empty item, since the table may hold none. */
function validate(
  { KeyConditionExpression, ProjectionExpression, ExpressionAttributeNames = {} }: Listing,
  partitionKey: string | undefined,
  from: Substitutions,
  conditions: readonly ((item: Item) => boolean)[],
): void {
  for (const condition of conditions) condition({});
  if (ProjectionExpression !== undefined) projectedNames(ProjectionExpression, from);
  from.requireAllUsed();
  if (partitionKey === undefined) return;
  const tokens = Object.keys(ExpressionAttributeNames).filter(
    (token) => ExpressionAttributeNames[token] === partitionKey,
  );
  const equality = new RegExp(`(^|[\\s(])(${[partitionKey, ...tokens].join('|')})\\s*=`);
  if (!equality.test(KeyConditionExpression ?? '')) {
    throw invalid(`Query condition missed key schema element: ${partitionKey}`);
  }
}
