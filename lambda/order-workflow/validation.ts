import { formatCents, hasCents, parseCents } from './money';
import type { Order } from './order';

export interface ValidationResult {
  readonly valid: boolean;
  /** One line for each problem, by item number; no personal data. */
  readonly reasons: readonly string[];
  /** Units over all lines, compared with the approval threshold. */
  readonly units: number;
  /** Decimal text, `0.00` for an invalid order. */
  readonly total: string;
}

/** Most units of one line; more is taken for a typing error. */
const maximumUnits = 1_000;

/** Checks the currency, quantities, prices and SKUs of an order. */
export function validate(order: Pick<Order, 'items' | 'currency'>, knownSkus: ReadonlySet<string>): ValidationResult {
  const { items, currency } = order;
  const skus = items.map(({ sku }) => sku);
  const reasons = [
    ...(hasCents(currency) ? [] : [`currency ${currency} does not have two decimal places`]),
    ...items.flatMap(({ sku, quantity, unitPrice }, index) => [
      ...(quantity >= 1 && quantity <= maximumUnits
        ? []
        : [`item ${index + 1}: quantity ${quantity} is not from 1 to ${maximumUnits}`]),
      ...((parseCents(unitPrice) ?? 0) > 0
        ? []
        : [`item ${index + 1}: price ${unitPrice} is not above 0 in whole cents`]),
      ...(skus.indexOf(sku) === index ? [] : [`item ${index + 1}: SKU ${sku} is in the order twice`]),
      ...(knownSkus.has(sku) ? [] : [`item ${index + 1}: SKU ${sku} is unknown`]),
    ]),
  ];
  const valid = reasons.length === 0;
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return { valid, reasons, units, total: valid ? formatCents(totalCents(order)) : '0.00' };
}

/** Whole cents: at most 50 lines of 1,000 units at 999,999,999.99, which a double represents exactly. */
export function totalCents({ items }: Pick<Order, 'items'>): number {
  return items.reduce((sum, { quantity, unitPrice }) => sum + quantity * (parseCents(unitPrice) ?? 0), 0);
}
