import { renderEmail } from '../../../lambda/order-workflow/email';
import type { Order } from '../../../lambda/order-workflow/order';

const order: Order = {
  orderId: 'o-1001',
  customerId: 'c-7',
  customerEmail: 'c7@example.com',
  paymentMethod: 'pm-visa',
  items: [{ sku: '<b>SKU&1</b>', quantity: 2, unitPrice: '12.50' }],
  currency: 'EUR',
};

it('lists the items and the total in a confirmation and escapes markup', () => {
  const { subject, text, html } = renderEmail(order, 'confirmed', 'none');
  expect(subject).toBe('Order o-1001 confirmed');
  expect(text).toContain('Total: 25.00 EUR');
  expect(html).not.toContain('<b>');
});

it.each(['invalid-order', 'approval-expired', 'payment-declined', 'out-of-stock', 'anything'])(
  'explains the reason %s and what happens to the charge',
  (reason) => {
    const { text, html } = renderEmail(order, 'rejected', reason);
    expect(text).toMatch(/was not carried out\. [A-Z].+\.$/);
    expect(`${text}${html}`).not.toMatch(/pm-visa|example\.com/);
  },
);

it.each(['confirmed', 'rejected', 'failed'] as const)(
  'keeps the subject for %s below the 100 characters of SNS',
  (outcome) => {
    const { subject } = renderEmail({ ...order, orderId: 'o'.repeat(80) }, outcome, 'none');
    expect(subject.length).toBeLessThan(100);
  },
);
