import { orderWorkflowSettings } from '../../../lib/order-workflow/order-workflow-settings';

const parse = (settings: object) => orderWorkflowSettings.safeParse(settings);

it('defaults to approval above ten units within a day, and to sandbox payments', () => {
  expect(orderWorkflowSettings.parse({})).toMatchObject({
    approvalThreshold: 10,
    approvalTimeoutSeconds: 86_400,
    payment: { provider: 'sandbox' },
  });
});

it.each(['http://payments.example.com', 'https://payments.example.com/', 'https://payments.example.com/v1?key=1'])(
  'refuses the payment service URL %s',
  (url) => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments-AbCdEf';
    expect(parse({ payment: { provider: 'https', url, secretArn } }).success).toBe(false);
    expect(parse({ payment: { provider: 'https', url: 'https://payments.example.com/v1', secretArn } }).success).toBe(
      true,
    );
  },
);

it('refuses an alarm that would be raised after the rejection', () => {
  const { error } = parse({ approvalTimeoutSeconds: 3_600 });
  expect(error?.issues[0]?.message).toMatch(/less than approvalTimeoutSeconds \(3600\)/);
});

const https = {
  provider: 'https',
  url: 'https://payments.example.com/v1',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments-AbCdEf',
};

it('refuses charges that are retried for longer than the payment service remembers the first attempt', () => {
  expect(parse({ payment: https }).success).toBe(true);
  const { error } = parse({ chargeRetrySeconds: 14_400, payment: { ...https, idempotencySeconds: 14_400 } });
  expect(error?.issues[0]?.message).toMatch(/use at most payment.idempotencySeconds less an hour \(10800\)/);
  expect(parse({ chargeRetrySeconds: 10_800, payment: { ...https, idempotencySeconds: 14_400 } }).success).toBe(true);
});

it('refuses the alias of a key', () => {
  const secretKeyArn = 'arn:aws:kms:eu-west-1:111122223333:alias/payments';
  expect(parse({ payment: { ...https, secretKeyArn } }).success).toBe(false);
});

it.each(['shop', 'müller@example.com'])('refuses %s as the sender', (senderEmail) => {
  expect(parse({ senderEmail }).success).toBe(false);
});
