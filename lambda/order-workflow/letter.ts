import { totalOf } from './validation';
import { decimalOf } from './money';
import type { Order } from './order';

export type Outcome = 'confirmed' | 'rejected' | 'failed';

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const sentences: Readonly<Record<string, string>> = {
  'invalid-order': 'Something in it was wrong.',
  'approval-refused': 'It was not approved.',
  'approval-expired': 'Nobody approved it in time.',
  'payment-declined': 'Your payment was declined. Nothing was charged.',
  'out-of-stock': 'Not all of it is in stock. What was charged has been refunded.',
  'payment-failed': 'Your payment could not be made. Nothing stays charged.',
};

/** What a customer is told of an order's outcome, as text and as HTML. */
export function letterOf(order: Order, outcome: Outcome, reason: string): Letter {
  const { orderId, currency, items } = order;
  const opening =
    outcome === 'confirmed'
      ? `Your order ${orderId} is confirmed.`
      : `Your order ${orderId} was not carried out. ${sentences[reason] ?? 'Nothing stays charged.'}`;
  const lines =
    outcome === 'confirmed' ? items.map(({ sku, quantity, unitPrice }) => [`${quantity} x ${sku}`, unitPrice]) : [];
  const total = outcome === 'confirmed' ? `Total: ${decimalOf(totalOf(order))} ${currency}` : '';
  const rows = lines.map((cells) => `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`);
  return {
    // A topic takes subjects of less than 100 characters, and an order's id may have 80.
    subject: `Order ${orderId} ${outcome}`,
    text: [opening, ...lines.map(([what = '', price = '']) => `${what} at ${price}`), total].filter(Boolean).join('\n'),
    html: `<p>${escape(opening)}</p>${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}${total && `<p>${total}</p>`}`,
  };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
