import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { startLargeRender } from '../../../lambda/document-renderer/adapters/large-renders';
import { fail, isAwaited, succeed } from '../../../lambda/document-renderer/adapters/task-token';

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

/** Client whose calls end with an error of this name, or succeed. */
function client(name?: string) {
  const sent: object[] = [];
  const send = (command: object): Promise<object> => {
    sent.push(command);
    return name === undefined ? Promise.resolve({}) : Promise.reject(named(name));
  };
  // One fake for the clients of several services.
  return { send: send as never, sent };
}

describe('starting a large rendering', () => {
  const start = (sfn: ReturnType<typeof client>, s3 = client()) =>
    startLargeRender({ s3, sfn, inputBucketName: 'input', stateMachineArn: 'machine' }, 'message-1', '{"data":"long"}');

  it('keeps the request in the bucket, and starts one execution for a message with its key alone', async () => {
    const [s3, sfn] = [client(), client()];
    await start(sfn, s3);
    expect((s3.sent[0] as PutObjectCommand).input).toMatchObject({ Key: 'requests/message-1.json' });
    expect((sfn.sent[0] as StartExecutionCommand).input).toEqual({
      stateMachineArn: 'machine',
      name: 'message-1',
      input: '{"requestKey":"requests/message-1.json","attempt":1}',
    });
  });

  it('takes an execution that has ended for started, and no other error', async () => {
    await start(client('ExecutionAlreadyExists'));
    await expect(start(client('ThrottlingException'))).rejects.toThrow('ThrottlingException');
  });
});

describe('a task that reports', () => {
  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('learns by %s that nobody waits', async (name) => {
    expect(await isAwaited(client(name), 'token')).toBe(false);
    expect(await succeed(client(name), 'token', {})).toBe(false);
    expect(await fail(client(name), 'token', 'Error', 'why')).toBe(false);
  });

  it('is awaited until then, and keeps other errors', async () => {
    expect(await isAwaited(client(), 'token')).toBe(true);
    await expect(isAwaited(client('ThrottlingException'), 'token')).rejects.toThrow('ThrottlingException');
  });
});
