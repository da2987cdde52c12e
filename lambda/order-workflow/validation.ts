import { centsOf, decimalOf, hasCents } from './money';
import type { Order } from './order';

export interface Verdict {
  readonly valid: boolean;
  /** What is wrong, by item: never more than an item has, and no personal data. */
  readonly reasons: readonly string[];
  /** Units over all lines, which the approval goes by. */
  readonly units: number;
  /** Decimal text, `0.00` where a price is wrong. */
  readonly total: string;
}

/** Units of one line above which somebody has mistyped. */
const mostUnits = 1_000;

/** Judges an order that can be read, against the SKUs that there are. */
export function judge(order: Pick<Order, 'items' | 'currency'>, knownSkus: ReadonlySet<string>): Verdict {
  const { items, currency } = order;
  const skus = items.map(({ sku }) => sku);
  const reasons = [
    ...(hasCents(currency) ? [] : [`currency ${currency} is not one that is counted in cents`]),
    ...items.flatMap(({ sku, quantity, unitPrice }, index) => [
      ...(quantity >= 1 && quantity <= mostUnits
        ? []
        : [`item ${index + 1}: quantity ${quantity} is not from 1 to ${mostUnits}`]),
      ...((centsOf(unitPrice) ?? 0) > 0 ? [] : [`item ${index + 1}: price ${unitPrice} is not above 0 in whole cents`]),
      ...(skus.indexOf(sku) === index ? [] : [`item ${index + 1}: SKU ${sku} stands in the order twice`]),
      ...(knownSkus.has(sku) ? [] : [`item ${index + 1}: SKU ${sku} is not known`]),
    ]),
  ];
  const valid = reasons.length === 0;
  return { valid, reasons, units: unitsOf(order), total: valid ? decimalOf(totalOf(order)) : '0.00' };
}

function unitsOf({ items }: Pick<Order, 'items'>): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Whole cents: at most 50 lines of 1,000 units at 999,999,999.99, which a double holds exactly. */
export function totalOf({ items }: Pick<Order, 'items'>): number {
  return items.reduce((sum, { quantity, unitPrice }) => sum + quantity * (centsOf(unitPrice) ?? 0), 0);
}
