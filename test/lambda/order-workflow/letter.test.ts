import { letterOf } from '../../../lambda/order-workflow/letter';
import type { Order } from '../../../lambda/order-workflow/order';

const order: Order = {
  orderId: 'o-1001',
  customerId: 'c-7',
  customerEmail: 'c7@example.com',
  paymentMethod: 'pm-visa',
  items: [{ sku: '<b>SKU&1</b>', quantity: 2, unitPrice: '12.50' }],
  currency: 'EUR',
};

it('a confirmation names what was ordered and the total, and no markup of its sender', () => {
  const { subject, text, html } = letterOf(order, 'confirmed', 'none');
  expect(subject).toBe('Order o-1001 confirmed');
  expect(text).toContain('Total: 25.00 EUR');
  expect(html).not.toContain('<b>');
});

it.each(['invalid-order', 'approval-expired', 'payment-declined', 'out-of-stock', 'anything'])(
  'a letter about %s says that nothing stays charged, or why',
  (reason) => {
    const { text, html } = letterOf(order, 'rejected', reason);
    expect(text).toMatch(/was not carried out\. [A-Z].+\.$/);
    expect(`${text}${html}`).not.toMatch(/pm-visa|example\.com/);
  },
);

it.each(['confirmed', 'rejected', 'failed'] as const)(
  'the subject of a letter that says %s is below the 100 characters that a topic takes',
  (outcome) => {
    const { subject } = letterOf({ ...order, orderId: 'o'.repeat(80) }, outcome, 'none');
    expect(subject.length).toBeLessThan(100);
  },
);
