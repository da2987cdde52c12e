import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

export interface Names {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

/** Whether a condition holds of an item: comparisons, IN, AND, OR and the existence of attributes. */
export function holds(expression: string, item: Item, names: Names): boolean {
  const reader = new Reader(expression, item, names);
  const result = reader.either();
  reader.end();
  return result;
}

/** The item after `SET … REMOVE …`; every operand is read before anything is written. */
export function applyUpdate(expression: string, item: Item, names: Names): Item {
  const reader = new Reader(expression, item, names);
  const changes: [string[], AttributeValue | undefined][] = [];
  while (!reader.done()) {
    const removes = reader.word() === 'REMOVE';
    do {
      const path = reader.path();
      if (!removes) reader.expect('=');
      changes.push([path, removes ? undefined : reader.sum()]);
    } while (reader.takes(','));
  }
  return changes.reduce((before, [path, value]) => written(before, path, value), item);
}

function written(item: Item, [name = '', ...rest]: readonly string[], value: AttributeValue | undefined): Item {
  const { [name]: there, ...others } = item;
  if (rest.length > 0) {
    if (there?.M === undefined) throw new Error(`the document path of '${name}' is invalid for update`);
    return { ...others, [name]: { M: written(there.M, rest, value) } };
  }
  return value === undefined ? others : { ...others, [name]: value };
}

/** Reads the part of DynamoDB's expressions that the workflow writes; anything else is an error. */
class Reader {
  private readonly tokens: string[];

  constructor(
    expression: string,
    private readonly item: Item,
    private readonly from: Names,
  ) {
    this.tokens = expression.match(/[#:]?\w+|<=|>=|<>|[=<>(),.+-]/g) ?? [];
  }

  done = (): boolean => this.tokens.length === 0;

  end(): void {
    if (!this.done()) throw new Error(`left of the expression: ${this.tokens.join(' ')}`);
  }

  word(): string {
    return this.tokens.shift() ?? '';
  }

  takes(token: string): boolean {
    if (this.tokens[0] !== token) return false;
    this.tokens.shift();
    return true;
  }

  expect(token: string): void {
    if (!this.takes(token)) throw new Error(`expected ${token} before ${this.tokens.join(' ')}`);
  }

  either(): boolean {
    let result = this.both();
    while (this.takes('OR')) result = this.both() || result;
    return result;
  }

  path(): string[] {
    const path = [];
    do {
      const name = this.word();
      path.push(this.from.names[name] ?? name);
      if (path.at(-1)?.startsWith('#')) throw new Error(`no name for ${name}`);
    } while (this.takes('.'));
    return path;
  }

  sum(): AttributeValue {
    const first = this.operand();
    const sign = this.takes('+') ? 1 : this.takes('-') ? -1 : 0;
    if (sign !== 0) return { N: String(Number(first?.N) + sign * Number(this.operand()?.N)) };
    if (first === undefined) throw new Error('an operand of the update has no value');
    return first;
  }

  private both(): boolean {
    let result = this.one();
    while (this.takes('AND')) result = this.one() && result;
    return result;
  }

  private one(): boolean {
    if (this.takes('attribute_exists')) return this.argument() !== undefined;
    if (this.takes('attribute_not_exists')) return this.argument() === undefined;
    const left = this.operand();
    if (!this.takes('IN')) return compare(left, this.word(), this.operand());
    this.expect('(');
    const among = [];
    do among.push(this.operand());
    while (this.takes(','));
    this.expect(')');
    return among.some((right) => compare(left, '=', right));
  }

  private argument(): AttributeValue | undefined {
    this.expect('(');
    const value = this.read(this.path());
    this.expect(')');
    return value;
  }

  private operand(): AttributeValue | undefined {
    if (this.takes('if_not_exists')) {
      this.expect('(');
      const there = this.read(this.path());
      this.expect(',');
      const otherwise = this.operand();
      this.expect(')');
      return there ?? otherwise;
    }
    if (!this.tokens[0]?.startsWith(':')) return this.read(this.path());
    const name = this.word();
    const value = this.from.values[name];
    if (value === undefined) throw new Error(`no value for ${name}`);
    return value;
  }

  private read(path: readonly string[]): AttributeValue | undefined {
    return path.reduce<AttributeValue | undefined>((at, name) => at?.M?.[name], { M: { ...this.item } });
  }
}

function compare(left: AttributeValue | undefined, sign: string, right: AttributeValue | undefined): boolean {
  // What is not there compares with nothing.
  if (left === undefined || right === undefined) return false;
  if ((left.N === undefined) !== (right.N === undefined)) return false;
  const [one, other] = left.N === undefined ? [left.S ?? '', right.S ?? ''] : [Number(left.N), Number(right.N)];
  if (sign === '=') return one === other;
  if (sign === '>') return one > other;
  if (sign === '>=') return one >= other;
  throw new Error(`the comparison ${sign} is not known`);
}
