import type { Response } from '../../../lambda/approval-workflow/page';
import { policy, record } from './sample-request';
import { loadHandler, namedError, TestEnvironment } from './test-environment';

const askApproval = loadHandler('ask-approval');
const askBySes = loadHandler('ask-approval', { SENDER_EMAIL: 'machines@example.com' });
const decideRequest = loadHandler<Response>('decide-request');
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => {
  // Neither a link, a token, an address nor the purpose is in a log.
  const secrets = [environment.linkOf('ben'), 'canary', '@example.com', '192.0.2.1'].filter((one) => one !== '');
  expect(secrets.filter((one) => environment.lines.includes(one))).toEqual([]);
  jest.restoreAllMocks();
});

const put = (more: object = {}) =>
  environment.put({ purpose: 'canary purpose', taskToken: undefined, expiresAt: undefined, ...more } as never);
const input = {
  requestId: record.requestId,
  round: 1,
  taskToken: 'canary-token',
  decideSeconds: 60,
  reminder: false,
};
const recipients = (): string[] => environment.mails.map(({ recipient }) => recipient);

describe('ask-approval', () => {
  it('mails each approver a link of their own, and keeps hashes of them', async () => {
    put();
    await askApproval(input);
    expect(recipients()).toEqual(['ben@example.com', 'cleo@example.com']);
    expect(environment.linkOf('ben')).not.toBe(environment.linkOf('cleo'));
    expect(environment.request()).toMatchObject({ taskToken: 'canary-token', status: 'awaiting-approval' });
    expect(JSON.stringify(environment.request())).not.toContain(environment.linkOf('ben'));
  });

  it('reminds those alone who have not approved', async () => {
    put({ needed: 2, approvedBy: ['ben'] });
    await askApproval({ ...input, reminder: true });
    expect(environment.mails).toMatchObject([
      { recipient: 'cleo@example.com', subject: `Reminder: Machine ${record.requestId} waits for your approval` },
    ]);
  });

  it('passes on a decision that was recorded and not passed on', async () => {
    put({ approval: 'approved' });
    await askApproval(input);
    expect(environment.outcomes).toEqual([{ token: 'canary-token', output: { outcome: 'approved' } }]);
    expect(environment.mails).toEqual([]);
  });

  it('fails if SES reaches fewer than have to approve, and not if it reaches enough', async () => {
    put({ needed: 2 });
    environment.before = (name, sent) => {
      if (name === 'SendEmail' && JSON.stringify(sent).includes('cleo')) throw namedError('MessageRejected');
    };
    await expect(askBySes(input)).rejects.toMatchObject({ name: 'ApproversNotReachedError' });
    put({ needed: 1 });
    await askBySes(input);
    expect(recipients()).toEqual(['ben@example.com', 'ben@example.com']);
    expect(environment.lines).toContain('NoticesNotSent');
  });

  it('translates a busy SES, so that the state machine repeats it', async () => {
    put();
    environment.before = (name) => {
      if (name === 'SendEmail') throw namedError('TooManyRequestsException');
    };
    await expect(askBySes(input)).rejects.toMatchObject({ name: 'ServiceBusyError' });
  });
});

describe('decide-request', () => {
  const request = (method: string, link: string, body = '') =>
    decideRequest({
      pathParameters: { link },
      requestContext: { http: { method, sourceIp: '192.0.2.1' } },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      isBase64Encoded: false,
    });
  const tokenOf = ({ body }: Response): string => {
    const text = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? '';
    return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  };
  const decide = async (link: string, decision: string): Promise<number> => {
    const token = tokenOf(await request('GET', link));
    const body = new URLSearchParams({ token, decision }).toString();
    return (await request('POST', link, body)).statusCode;
  };
  async function ask(more: object = {}): Promise<string> {
    put(more);
    await askApproval(input);
    return environment.linkOf('ben');
  }

  it('shows the request to GET, which decides nothing', async () => {
    const link = await ask();
    for (const method of ['GET', 'HEAD', 'GET']) expect((await request(method, link)).statusCode).toBe(200);
    expect(environment.request()).toMatchObject({ approval: 'open', revision: 4 });
    expect(environment.outcomes).toEqual([]);
  });

  it.each(['approve', 'refuse'])('counts one %s, with who and from where, and passes it on', async (decision) => {
    const link = await ask();
    expect(await decide(link, decision)).toBe(200);
    expect(await decide(link, 'refuse')).toBe(400);
    const outcome = decision === 'approve' ? 'approved' : 'refused';
    expect(environment.outcomes).toEqual([{ token: 'canary-token', output: { outcome } }]);
    expect(environment.entries()).toEqual(['approvers asked', outcome]);
  });

  it('counts nothing without the token of this page, of a later round, or after the end', async () => {
    const link = await ask();
    const token = tokenOf(await request('GET', link));
    const other = environment.linkOf('cleo');
    const body = (more: object) => new URLSearchParams({ token, decision: 'approve', ...more }).toString();
    expect((await request('POST', link, body({ token: '' }))).statusCode).toBe(400);
    expect((await request('POST', other, body({}))).statusCode).toBe(400);
    expect((await request('POST', link, `${body({})}&decision=refuse`)).statusCode).toBe(400);
    expect((await request('POST', 'A'.repeat(43), body({}))).statusCode).toBe(404);
    expect((await request('POST', 'short', body({}))).statusCode).toBe(404);
    environment.put({ ...environment.request(), round: 2 });
    expect((await request('POST', link, body({}))).statusCode).toBe(404);
    environment.put({ ...environment.request(), round: 1, status: 'expired' });
    expect((await request('POST', link, body({}))).statusCode).toBe(410);
    expect(environment.outcomes).toEqual([]);
  });

  it('refuses the requester, also with a link in hand', async () => {
    environment.usePolicy({ teams: { data: { ...policy.teams['data']!, approvers: ['ben'] } } });
    const link = await ask({ approvers: ['ben'] });
    environment.put({ ...environment.request(), person: 'ben' });
    expect((await request('GET', link)).statusCode).toBe(403);
  });

  it('passes a decision on with the next call, if the first ended before that', async () => {
    const link = await ask();
    const token = tokenOf(await request('GET', link));
    const body = new URLSearchParams({ token, decision: 'approve' }).toString();
    environment.before = (name) => {
      if (name === 'SendTaskSuccess') throw namedError('ThrottlingException');
    };
    await expect(request('POST', link, body)).rejects.toThrow('ThrottlingException');
    environment.before = () => undefined;
    expect((await request('POST', link, body)).statusCode).toBe(409);
    expect(environment.outcomes).toHaveLength(1);
  });
});
