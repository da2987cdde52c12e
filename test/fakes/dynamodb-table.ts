import { invalid } from './dynamodb-expressions';
import { byAttribute, isEqual, itemBytes, type Item, type Value } from './dynamodb-values';

export interface KeySchema {
  readonly partitionKey: string;
  readonly sortKey?: string;
}

export interface IndexSchema extends KeySchema {
  /** Attributes beside the keys of index and table. @default all */
  readonly projection?: readonly string[];
}

export interface TableSchema extends KeySchema {
  readonly indexes?: Readonly<Record<string, IndexSchema>>;
}

/** Items of one table by their key. */
export class Table {
  readonly key: readonly string[];
  #items = new Map<string, Item>();

  constructor(
    readonly name: string,
    readonly schema: TableSchema,
  ) {
    this.key = keyOf(schema);
  }

  get items(): Item[] {
    return [...this.#items.values()];
  }

  /** @throws Refusal where this is not exactly a key of the table */
  find(key: Item): Item | undefined {
    if (Object.keys(key).length !== this.key.length)
      throw invalid('The provided key element does not match the schema');
    return this.#items.get(this.id(key));
  }

  put(item: Item): void {
    for (const [name, value] of Object.entries(item)) requireStorable(name, value);
    if (itemBytes(item) > 409_600) throw invalid('Item size has exceeded the maximum allowed size');
    this.#items.set(this.id(item), item);
  }

  remove(key: Item): void {
    this.#items.delete(this.id(key));
  }

  /** Names an item by its key. */
  id(item: Item): string {
    return JSON.stringify(this.key.map((name) => keyValue(name, item[name])));
  }

  /** @throws Refusal where the item lacks it */
  keyOf(item: Item): Item {
    this.id(item);
    return pick(item, this.key);
  }

  /** Items of an index that have its keys, as it projects them; of the table, where no index is named. */
  view(indexName: string | undefined): { readonly schema: KeySchema; readonly items: readonly Item[] } {
    if (indexName === undefined) return { schema: this.schema, items: this.items };
    const schema = this.schema.indexes?.[indexName];
    if (schema === undefined) throw invalid(`The table does not have the specified index: ${indexName}`);
    const keys = keyOf(schema);
    const items = this.items
      .filter((item) => keys.every((name) => item[name] !== undefined))
      .map((item) => (schema.projection ? pick(item, [...this.key, ...keys, ...schema.projection]) : item));
    return { schema, items };
  }

  copy(): () => void {
    const before = new Map(this.#items);
    return () => {
      this.#items = before;
    };
  }
}

export function keyOf({ partitionKey, sortKey }: KeySchema): string[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

export function sorted(items: readonly Item[], { sortKey }: KeySchema, forward: boolean): Item[] {
  if (sortKey === undefined) return [...items];
  const ascending = items.toSorted(byAttribute(sortKey));
  return forward ? ascending : ascending.toReversed();
}

export function isSameKey(one: Item, other: Item, key: readonly string[]): boolean {
  return key.every((name) => isEqual(one[name] ?? {}, other[name] ?? {}));
}

export function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function keyValue(name: string, value: Value | undefined): string {
  const text = value?.S ?? value?.N ?? value?.B;
  if (text === undefined) throw invalid(`One of the required keys was not given a value: ${name}`);
  if (text === '') throw invalid(`The AttributeValue for a key attribute cannot contain an empty value. Key: ${name}`);
  return text;
}

function requireStorable(name: string, value: Value): void {
  if (Object.keys(value).length !== 1) {
    throw invalid(`Supplied AttributeValue is empty or has several types, must contain exactly one: ${name}`);
  }
  const set = value.SS ?? value.NS ?? value.BS;
  if (set?.length === 0) throw invalid(`An number set, string set or binary set may not be empty: ${name}`);
  if (set !== undefined && new Set(set).size !== set.length)
    throw invalid(`Input collection contains duplicates: ${name}`);
  for (const [inner, one] of Object.entries(value.M ?? value.L ?? {})) requireStorable(`${name}.${inner}`, one);
}
