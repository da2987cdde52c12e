import type { Order } from './order';
import { totalAmount } from './validation';

export type Outcome = 'confirmed' | 'rejected' | 'failed';

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const explanations: Readonly<Record<string, string>> = {
  'invalid-order': 'It contains invalid items or prices.',
  'approval-refused': 'It was not approved.',
  'approval-expired': 'It was not approved in time.',
  'payment-declined': 'Your payment was declined. You have not been charged.',
  'out-of-stock': 'Not all of it is in stock. You will not be charged: any charge has been refunded.',
  'payment-failed': 'Your payment could not be processed. Any charge has been refunded.',
};

/** Notification of an order's outcome, as text and as HTML. */
export function renderEmail(order: Order, outcome: Outcome, reason: string): Email {
  const { orderId, currency, items } = order;
  const opening =
    outcome === 'confirmed'
      ? `Your order ${orderId} is confirmed.`
      : `Your order ${orderId} was not carried out. ${explanations[reason] ?? 'Any charge has been refunded.'}`;
  const lines =
    outcome === 'confirmed' ? items.map(({ sku, quantity, unitPrice }) => [`${quantity} x ${sku}`, unitPrice]) : [];
  const total = outcome === 'confirmed' ? `Total: ${totalAmount(order)} ${currency}` : '';
  const rows = lines.map((cells) => `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`);
  return {
    // SNS limits a subject to fewer than 100 characters, and an order id may have 80.
    subject: `Order ${orderId} ${outcome}`,
    text: [opening, ...lines.map(([item = '', price = '']) => `${item} at ${price}`), total].filter(Boolean).join('\n'),
    html: `<p>${escape(opening)}</p>${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}${total && `<p>${total}</p>`}`,
  };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
