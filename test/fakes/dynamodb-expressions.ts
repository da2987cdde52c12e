import { reservedWords } from './dynamodb-reserved-words';
import { compare, sizeOf, typeOf, type Item, type Path, type Value } from './dynamodb-values';
import { Refusal } from './json-service';

export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

export function invalid(message: string): Refusal {
  return new Refusal('ValidationException', message);
}

/** Placeholders of one request, which notes those that expressions use. */
export class Substitutions {
  readonly #used = new Set<string>();

  constructor(private readonly given: Placeholders) {}

  name(token: string): string {
    const name = this.given.ExpressionAttributeNames?.[token];
    if (name === undefined)
      throw invalid(`An expression attribute name used in the document path is not defined: ${token}`);
    this.#used.add(token);
    return name;
  }

  value(token: string): Value {
    const value = this.given.ExpressionAttributeValues?.[token];
    if (value === undefined) throw invalid(`An expression attribute value used in expression is not defined: ${token}`);
    this.#used.add(token);
    return value;
  }

  /** @throws Refusal where a placeholder was given and not used */
  requireAllUsed(): void {
    for (const kind of ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const) {
      const unused = Object.keys(this.given[kind] ?? {}).filter((token) => !this.#used.has(token));
      if (unused.length > 0)
        throw invalid(`Value provided in ${kind} unused in expressions: keys: {${unused.join(', ')}}`);
    }
  }
}

/** Reads an expression token by token and evaluates it on an item as it goes: both sides of an OR, for their errors. */
export class ExpressionReader {
  readonly #tokens: string[] = [];

  constructor(
    readonly kind: string,
    expression: string,
    private readonly item: Item,
    private readonly from: Substitutions,
  ) {
    const pattern = /\s*([#:]\w+|[A-Za-z_]\w*|\d+|<=|>=|<>|[=<>(),.[\]+-])/y;
    const text = expression.trimEnd();
    while (pattern.lastIndex < text.length) {
      const { lastIndex } = pattern;
      const token = pattern.exec(text)?.[1];
      if (token === undefined) throw this.syntaxError(text.slice(lastIndex).trim());
      this.#tokens.push(token);
    }
    if (this.done()) throw invalid(`Invalid ${kind}: The expression can not be empty;`);
  }

  done(): boolean {
    return this.#tokens.length === 0;
  }

  syntaxError(near = this.#tokens.slice(0, 3).join(' ')): Refusal {
    return invalid(`Invalid ${this.kind}: Syntax error; token: ${near || '<EOF>'}`);
  }

  /** Takes a token, a keyword in any case. */
  takes(...tokens: string[]): string | undefined {
    const found = tokens.find((token) => token === this.#tokens[0]?.toUpperCase() || token === this.#tokens[0]);
    if (found !== undefined) this.#tokens.shift();
    return found;
  }

  expect(token: string): void {
    if (this.takes(token) === undefined) throw this.syntaxError();
  }

  /** Takes items between commas. */
  list<T>(one: () => T): T[] {
    const all = [one()];
    while (this.takes(',') !== undefined) all.push(one());
    return all;
  }

  condition(): boolean {
    let result = this.#conjunction();
    while (this.takes('OR') !== undefined) result = this.#conjunction() || result;
    return result;
  }

  path(): Path {
    const path: (string | number)[] = [this.#name()];
    for (;;) {
      if (this.takes('.') !== undefined) path.push(this.#name());
      else if (this.takes('[') !== undefined) {
        path.push(Number(this.#tokens.shift()));
        this.expect(']');
      } else return path;
    }
  }

  read(path: Path): Value | undefined {
    return path.reduce<Value | undefined>((at, part) => (typeof part === 'number' ? at?.L?.[part] : at?.M?.[part]), {
      M: this.item,
    });
  }

  /** A placeholder of a value, or undefined where another token stands. */
  placeholder(): Value | undefined {
    return this.#tokens[0]?.startsWith(':') ? this.from.value(this.#tokens.shift() ?? '') : undefined;
  }

  call<T>(name: string, argumentsOf: () => T): T | undefined {
    if (this.#tokens[0] !== name || this.#tokens[1] !== '(') return undefined;
    this.#tokens.splice(0, 2);
    const result = argumentsOf();
    this.expect(')');
    return result;
  }

  #name(): string {
    const token = this.#tokens.shift() ?? '';
    if (token.startsWith('#')) return this.from.name(token);
    if (!/^[A-Za-z_]/.test(token)) throw this.syntaxError(token);
    if (reservedWords.has(token.toUpperCase())) {
      throw invalid(`Invalid ${this.kind}: Attribute name is a reserved keyword; reserved keyword: ${token}`);
    }
    return token;
  }

  #conjunction(): boolean {
    let result = this.#negation();
    while (this.takes('AND') !== undefined) result = this.#negation() && result;
    return result;
  }

  #negation(): boolean {
    if (this.takes('NOT') !== undefined) return !this.#negation();
    if (this.takes('(') === undefined) return this.#predicate();
    const result = this.condition();
    this.expect(')');
    return result;
  }

  #predicate(): boolean {
    const answer =
      this.call('attribute_exists', () => this.read(this.path()) !== undefined) ??
      this.call('attribute_not_exists', () => this.read(this.path()) === undefined) ??
      this.call('attribute_type', () => this.#two((value, type) => typeOf(value) === type.S)) ??
      this.call('begins_with', () => this.#two((value, start) => value.S?.startsWith(start.S ?? '\0') === true)) ??
      this.call('contains', () => this.#two(contains));
    return answer ?? this.#comparison();
  }

  #two(holds: (value: Value, argument: Value) => boolean): boolean {
    const value = this.#operand();
    this.expect(',');
    const argument = this.#operand();
    return value !== undefined && argument !== undefined && holds(value, argument);
  }

  #comparison(): boolean {
    const left = this.#operand();
    if (this.takes('BETWEEN') !== undefined) {
      const low = this.#operand();
      this.expect('AND');
      return [compare(left, '>=', low), compare(left, '<=', this.#operand())].every(Boolean);
    }
    if (this.takes('IN') !== undefined) {
      this.expect('(');
      const among = this.list(() => this.#operand());
      this.expect(')');
      return among.some((right) => compare(left, '=', right));
    }
    const sign = this.takes('=', '<>', '<=', '>=', '<', '>');
    if (sign === undefined) throw this.syntaxError();
    return compare(left, sign, this.#operand());
  }

  #operand(): Value | undefined {
    const sized = this.call('size', () => ({ value: this.read(this.path()) }));
    if (sized !== undefined) return sized.value === undefined ? undefined : { N: String(sizeOf(sized.value)) };
    return this.placeholder() ?? this.read(this.path());
  }
}

/** Whether a condition holds of an item; none holds of all. */
export function holds(kind: string, expression: string | undefined, item: Item, from: Substitutions): boolean {
  if (expression === undefined) return true;
  const reader = new ExpressionReader(kind, expression, item, from);
  const result = reader.condition();
  if (!reader.done()) throw reader.syntaxError();
  return result;
}

function contains(value: Value, argument: Value): boolean {
  if (value.S !== undefined) return argument.S !== undefined && value.S.includes(argument.S);
  if (value.L !== undefined) return value.L.some((one) => compare(one, '=', argument));
  const [elements, element] = value.NS
    ? [value.NS, argument.N]
    : [value.SS ?? value.BS ?? [], argument.S ?? argument.B];
  return element !== undefined && elements.includes(element);
}
