import { isConnectionError, withConnection } from '../../../tools/account/connection';

const lost = Object.assign(new Error('getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com'), { code: 'ENOTFOUND' });

function waiting(more: object = {}) {
  const said: string[] = [];
  const signal = new AbortController().signal;
  return { said, wait: { signal, say: (line: string) => said.push(line), everyMilliseconds: 1, ...more } };
}

it.each([
  [lost, true],
  [new Error('cdk deploy ended with exit code 1. Last lines:\n read ECONNRESET'), true],
  [Object.assign(new Error('x'), { name: 'TimeoutError' }), true],
  ['Error: socket hang up', true],
  [new Error('ROLLBACK_COMPLETE'), false],
  [undefined, false],
])('%s: a lost connection is %s', (error, expected) => {
  expect(isConnectionError(error)).toBe(expected);
});

it('a step is repeated until there is a connection, and says so once', async () => {
  const { said, wait } = waiting();
  let tries = 0;
  const act = (): Promise<number> => (++tries < 4 ? Promise.reject(lost) : Promise.resolve(tries));
  expect(await withConnection(act, wait)).toBe(4);
  expect(said).toEqual(['no connection: waiting; AWS goes on with what was started', 'connected again']);
});

it('another error, the end of the wait and Ctrl-C end it', async () => {
  const { wait } = waiting();
  await expect(withConnection(() => Promise.reject(new Error('denied')), wait)).rejects.toThrow('denied');
  const short = { ...wait, withinSeconds: 0 };
  await expect(withConnection(() => Promise.reject(lost), short)).rejects.toBe(lost);
  const stopped = { ...wait, signal: AbortSignal.abort(new Error('stopped by SIGINT')) };
  await expect(withConnection(() => Promise.reject(lost), stopped)).rejects.toThrow('stopped by SIGINT');
});
