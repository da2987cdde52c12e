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
