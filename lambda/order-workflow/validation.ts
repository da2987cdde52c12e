import { minorUnitDigits } from '../shared/currencies';
import { formatAmount, parseAmount } from './money';
import type { Order } from './order';

export interface ValidationResult {
  readonly valid: boolean;
  /** One line for each problem, by item number; no personal data. */
  readonly reasons: readonly string[];
  /** Units over all lines, compared with the approval threshold. */
  readonly units: number;
  /** Decimal text with the currency's decimal places, `0` for an invalid order. */
  readonly total: string;
}

/** Most units of one line; more is taken for a typing error. */
const maximumUnits = 1_000;

/** Checks the currency, quantities, prices and SKUs of an order. */
export function validate(order: Pick<Order, 'items' | 'currency'>, knownSkus: ReadonlySet<string>): ValidationResult {
  const { items, currency } = order;
  const digits = minorUnitDigits(currency);
  const skus = items.map(({ sku }) => sku);
  const reasons = [
    ...(digits === undefined ? [`currency ${currency} is not one of ISO 4217 with a minor unit`] : []),
    ...items.flatMap(({ sku, quantity, unitPrice }, index) => [
      ...(quantity >= 1 && quantity <= maximumUnits
        ? []
        : [`item ${index + 1}: quantity ${quantity} is not from 1 to ${maximumUnits}`]),
      ...(digits === undefined || (parseAmount(unitPrice, digits) ?? 0n) > 0n
        ? []
        : [`item ${index + 1}: price ${unitPrice} is not above 0 with at most ${digits} decimal places`]),
      ...(skus.indexOf(sku) === index ? [] : [`item ${index + 1}: SKU ${sku} is in the order twice`]),
      ...(knownSkus.has(sku) ? [] : [`item ${index + 1}: SKU ${sku} is unknown`]),
    ]),
  ];
  const valid = reasons.length === 0;
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return { valid, reasons, units, total: valid ? totalAmount(order) : '0' };
}

/**
 * Total of an order as decimal text with the currency's decimal places.
 *
 * @throws Error for an order that is not valid
 */
export function totalAmount({ items, currency }: Pick<Order, 'items' | 'currency'>): string {
  const digits = minorUnitDigits(currency);
  if (digits === undefined) throw new Error(`currency ${currency} has no minor unit`);
  const total = items.reduce((sum, { quantity, unitPrice }) => {
    const price = parseAmount(unitPrice, digits);
    if (price === undefined) throw new Error(`the price of an item is not an amount in ${currency}`);
    return sum + BigInt(quantity) * price;
  }, 0n);
  return formatAmount(total, digits);
}
