import { formatHistory, readMilestones, readVisits } from '../../../operations/order-workflow/order-history';

const plain = { bold: String, dim: String, red: String };
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const entry = (second: number, detail?: string) => ({
  M: { at: { S: at(second).toISOString() }, ...(detail === undefined ? {} : { detail: { S: detail } }) },
});

it('sorts milestones by time', () => {
  const timeline = { M: { confirmed: entry(9, 'none'), received: entry(0), validated: entry(1, 'valid') } };
  expect(readMilestones({ timeline })).toEqual([
    { name: 'received', at: at(0) },
    { name: 'validated', at: at(1), detail: 'valid' },
    { name: 'confirmed', at: at(9) },
  ]);
});

it('lists each state once for each entry, with the errors of its attempts', () => {
  const visits = readVisits([
    { id: 1, type: 'TaskStateEntered', timestamp: at(0), stateEnteredEventDetails: { name: 'Charge the payment' } },
    {
      id: 2,
      type: 'TaskFailed',
      timestamp: at(1),
      taskFailedEventDetails: { resourceType: 'lambda', resource: 'invoke', error: 'PaymentUnavailable' },
    },
    {
      id: 3,
      type: 'SucceedStateEntered',
      timestamp: at(2),
      stateEnteredEventDetails: { name: 'The order is confirmed' },
    },
  ]);
  const history = {
    orderId: 'o-1001',
    status: 'confirmed',
    reason: 'none',
    total: '25.00 EUR',
    milestones: [],
    visits,
    execution: 'SUCCEEDED',
  };
  expect(formatHistory(history, plain)).toEqual([
    'o-1001  confirmed  25.00 EUR',
    '',
    '',
    'execution SUCCEEDED',
    '  ● Charge the payment  +0.0 s',
    '      PaymentUnavailable',
    '  ↓ The order is confirmed  +2.0 s',
  ]);
});

it('names the fix for an order whose execution was never started', () => {
  const history = {
    orderId: 'o-1',
    status: 'received',
    reason: undefined,
    total: undefined,
    milestones: [],
    visits: [],
    execution: undefined,
  };
  expect(formatHistory(history, plain).at(-1)).toMatch(/start one with --restart/);
});
