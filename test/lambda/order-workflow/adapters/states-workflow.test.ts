import { sendDecision, startExecution } from '../../../../lambda/order-workflow/adapters/states-workflow';

const stateMachineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Orders';
const decision = { decision: 'approve', approver: 'a-1' };

function failing(name: string) {
  const client = { send: () => Promise.reject(Object.assign(new Error('refused'), { name })) } as never;
  return { client, stateMachineArn };
}

it('starts an execution with the order id and the generation as its only input', async () => {
  const send = jest.fn().mockResolvedValue({ executionArn: 'arn:execution' });
  expect(await startExecution({ client: { send }, stateMachineArn }, 'o-1', 1)).toBe('arn:execution');
  const input = '{"orderId":"o-1","generation":1}';
  expect(send.mock.calls[0][0].input).toEqual({ stateMachineArn, name: 'o-1', input });
});

it('returns the existing execution of the order and throws other errors', async () => {
  expect(await startExecution(failing('ExecutionAlreadyExists'), 'o-1', 1)).toBe(
    'arn:aws:states:eu-west-1:111122223333:execution:Orders:o-1',
  );
  await expect(startExecution(failing('AccessDeniedException'), 'o-1', 1)).rejects.toThrow('refused');
});

it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
  'returns false for a task token refused with %s',
  async (name) => {
    expect(await sendDecision(failing(name), 'token', decision)).toBe(false);
  },
);

it('throws if the decision cannot be sent, so that it is sent again', async () => {
  await expect(sendDecision(failing('ThrottlingException'), 'token', decision)).rejects.toThrow('refused');
});
