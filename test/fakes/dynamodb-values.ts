/** A value as DynamoDB's JSON has it; bytes are Base64. */
export interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly L?: readonly Value[];
  readonly M?: Item;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
}

export type Item = Readonly<Record<string, Value>>;

/** Names of attributes and indexes of lists, from the item inward. */
export type Path = readonly (string | number)[];

export function typeOf(value: Value): keyof Value {
  return Object.keys(value)[0] as keyof Value;
}

/** The comparable form of a string, a number or bytes; undefined of other types. */
function order(one: Value, other: Value): number | undefined {
  if (one.N !== undefined && other.N !== undefined) return compareDecimals(one.N, other.N);
  if (one.S !== undefined && other.S !== undefined) return Buffer.compare(Buffer.from(one.S), Buffer.from(other.S));
  if (one.B !== undefined && other.B !== undefined) {
    return Buffer.compare(Buffer.from(one.B, 'base64'), Buffer.from(other.B, 'base64'));
  }
  return undefined;
}

export function isEqual(one: Value, other: Value): boolean {
  const ordered = order(one, other);
  return ordered === undefined ? canonical(one) === canonical(other) : ordered === 0;
}

/** Compares as conditions do: what is not there, or of another type, is neither less nor greater, only unequal. */
export function compare(left: Value | undefined, sign: string, right: Value | undefined): boolean {
  const equal = left !== undefined && right !== undefined && isEqual(left, right);
  if (sign === '=') return equal;
  if (sign === '<>') return !equal;
  const ordered = left === undefined || right === undefined ? undefined : order(left, right);
  if (ordered === undefined) return false;
  if (sign === '<') return ordered < 0;
  if (sign === '<=') return ordered <= 0;
  return sign === '>' ? ordered > 0 : ordered >= 0;
}

/** Sorts items by one attribute, as a sort key does. */
export function byAttribute(name: string): (one: Item, other: Item) => number {
  return (one, other) => order(one[name] ?? {}, other[name] ?? {}) ?? 0;
}

function canonical(value: Value): string {
  const sets = ['SS', 'NS', 'BS'] as const;
  const set = sets.find((type) => value[type] !== undefined);
  if (set !== undefined) return JSON.stringify({ [set]: [...(value[set] ?? [])].sort() });
  if (value.L !== undefined) return JSON.stringify(value.L.map(canonical));
  if (value.M === undefined) return JSON.stringify(value);
  const entries = Object.entries(value.M).map(([name, one]) => [name, canonical(one)] as const);
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** `size()` of DynamoDB: characters, bytes or elements. */
export function sizeOf(value: Value): number {
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return Buffer.from(value.B, 'base64').length;
  const elements = value.L ?? value.SS ?? value.NS ?? value.BS;
  return elements?.length ?? Object.keys(value.M ?? {}).length;
}

/** Bytes that an item counts with, next to what AWS describes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: Value): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B !== undefined) return Buffer.from(value.B, 'base64').length;
  if (value.M !== undefined) return 3 + itemBytes(value.M);
  const elements = value.L?.map(valueBytes) ?? (value.SS ?? value.NS ?? value.BS ?? []).map((one) => one.length);
  return elements.reduce((sum, bytes) => sum + bytes + 1, 3);
}

interface Decimal {
  readonly digits: bigint;
  /** Power of ten that `digits` is multiplied with; never above 0. */
  readonly exponent: number;
}

function parseDecimal(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole + fraction === '') throw new RangeError(`'${text}' is no number`);
  const exponent = Number(power) - fraction.length;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  return exponent > 0 ? { digits: digits * 10n ** BigInt(exponent), exponent: 0 } : { digits, exponent };
}

function aligned(one: string, other: string): [bigint, bigint, number] {
  const [left, right] = [parseDecimal(one), parseDecimal(other)];
  const exponent = Math.min(left.exponent, right.exponent);
  const scale = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return [scale(left), scale(right), exponent];
}

function compareDecimals(one: string, other: string): number {
  const [left, right] = aligned(one, other);
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Sum of two numbers, exact as DynamoDB's are, as it writes them. */
export function addDecimals(one: string, other: string, sign: 1 | -1 = 1): string {
  const [left, right, exponent] = aligned(one, other);
  const sum = left + BigInt(sign) * right;
  const digits = (sum < 0n ? -sum : sum).toString().padStart(1 - exponent, '0');
  const point = digits.length + exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0+$/, '');
  return sum < 0n ? `-${text}` : text;
}
