import { deliverTo, startExecution, type Sfn } from '../../../lambda/order-workflow/states-workflow';

const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Orders';

function failing(name: string): Sfn {
  return { send: () => Promise.reject(Object.assign(new Error('refused'), { name })) } as Sfn;
}

it('an execution carries the id of its order and nothing else', async () => {
  const send = jest.fn().mockResolvedValue({ executionArn: 'arn:execution' });
  expect(await startExecution({ send } as Sfn, machine, 'o-1')).toBe('arn:execution');
  expect(send.mock.calls[0][0].input).toEqual({ stateMachineArn: machine, name: 'o-1', input: '{"orderId":"o-1"}' });
});

it('an execution that has run already is the answer, any other error is not', async () => {
  expect(await startExecution(failing('ExecutionAlreadyExists'), machine, 'o-1')).toBe(
    'arn:aws:states:eu-west-1:111122223333:execution:Orders:o-1',
  );
  await expect(startExecution(failing('AccessDeniedException'), machine, 'o-1')).rejects.toThrow('refused');
});

it.each([
  ['TaskTimedOut', false],
  ['TaskDoesNotExist', false],
  ['InvalidToken', false],
])('a token refused with %s is waited for no more', async (name, delivered) => {
  expect(await deliverTo(failing(name))('token', 'approve', 'a-1')).toBe(delivered);
});

it('a decision that could not be sent is an error, so that it is sent again', async () => {
  await expect(deliverTo(failing('ThrottlingException'))('token', 'approve', 'a-1')).rejects.toThrow('refused');
});
