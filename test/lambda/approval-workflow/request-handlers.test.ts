import type { Reply } from '../../../lambda/approval-workflow/call';
import type { CheckResult } from '../../../lambda/approval-workflow/check-request';
import { policy, record } from './sample-request';
import { loadHandler, namedError, TestEnvironment } from './test-environment';

const submitRequest = loadHandler<Reply>('submit-request');
const checkRequest = loadHandler<CheckResult>('check-request');
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => jest.restoreAllMocks());

const ana = 'arn:aws:iam::111122223333:user/ana';
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
const form = { token: 'token-0001', team: 'data', purpose: 'canary purpose', size: 'small', endsAt: inDays(2) };

async function call(method: string, rawPath: string, body?: object | string, userArn = ana) {
  const { statusCode, body: text } = await submitRequest({
    rawPath,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: { http: { method, sourceIp: '192.0.2.1' }, authorizer: { iam: { userArn } } },
  });
  return { status: statusCode, body: JSON.parse(text) as Record<string, unknown> };
}
const submit = async (): Promise<string> => String((await call('POST', '/requests', form)).body['requestId']);

describe('submit-request', () => {
  it('takes a request of the signer once, with its estimate, and starts one execution', async () => {
    const first = await call('POST', '/requests', form);
    expect(first).toMatchObject({ status: 201, body: { status: 'submitted', team: 'data', estimatedDollars: 1.07 } });
    expect(await call('POST', '/requests', form)).toMatchObject({ status: 200, body: first.body });
    const requestId = String(first.body['requestId']);
    expect(environment.started).toEqual([`${requestId}-1`]);
    expect(environment.request(requestId)).toMatchObject({ person: 'ana', principal: ana, round: 1 });
    expect(environment.entries(requestId)).toEqual(['submitted']);
    expect(environment.lines).not.toMatch(/canary|arn:aws:iam|192\.0\.2\.1/);
  });

  it('starts the execution of a request whose first call ended before that', async () => {
    environment.before = (name) => {
      if (name === 'StartExecution') throw namedError('ThrottlingException');
    };
    await expect(call('POST', '/requests', form)).rejects.toThrow('ThrottlingException');
    environment.before = () => undefined;
    expect((await call('POST', '/requests', form)).status).toBe(200);
    expect(environment.started).toHaveLength(1);
  });

  it('refuses strangers, a used token with other content, and what is no form', async () => {
    expect((await call('POST', '/requests', form, 'arn:aws:iam::111122223333:user/eve')).status).toBe(403);
    await submit();
    expect((await call('POST', '/requests', { ...form, purpose: 'Other' })).status).toBe(409);
    expect(await call('POST', '/requests', '{')).toMatchObject({ status: 400, body: { issues: ['body: use JSON'] } });
    const megabyte = 'x'.repeat(1_000_000);
    expect((await call('POST', '/requests', megabyte)).status).toBe(400);
    for (const field of [...Object.keys(form), 'startScript', 'unknown']) {
      expect((await call('POST', '/requests', { ...form, [field]: megabyte })).body).toEqual({
        error: 'invalid request',
        issues: ['body: use at most 16384 bytes'],
      });
    }
    // A key of DynamoDB has at most 2,048 bytes.
    environment.before = (name) => {
      if (name === 'GetItem') throw namedError('ValidationException');
    };
    expect((await call('POST', `/requests/${megabyte}/return`, {})).status).toBe(404);
    expect((await call('POST', '/requests', { ...form, person: 'ben' })).status).toBe(400);
    expect(environment.started).toHaveLength(1);
  });

  it('shows a request to its requester alone', async () => {
    const requestId = await submit();
    const ben = 'arn:aws:iam::111122223333:user/ben';
    expect((await call('GET', `/requests/${requestId}`)).status).toBe(200);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/extension'],
      ['POST', '/return'],
    ] as const) {
      expect((await call(method, `/requests/${requestId}${path}`, {}, ben)).status).toBe(404);
    }
    for (const path of ['/', '/other', `/requests/${requestId}/other`, `/requests/${requestId}/return/x`]) {
      expect((await call('GET', path)).status).toBe(404);
    }
  });

  it('opens one extension of a running machine in a round of its own', async () => {
    environment.put({ status: 'running', approval: 'approved', endsAt: inDays(2) });
    const path = `/requests/${record.requestId}/extension`;
    expect((await call('POST', path, { endsAt: inDays(1) })).status).toBe(400);
    expect((await call('POST', path, { endsAt: inDays(91) })).status).toBe(400);
    const wanted = { endsAt: inDays(5) };
    expect((await call('POST', path, wanted)).status).toBe(202);
    expect((await call('POST', path, wanted)).status).toBe(202);
    expect((await call('POST', path, { endsAt: inDays(6) })).status).toBe(409);
    expect(environment.started).toEqual([`${record.requestId}-2`]);
    expect(environment.request().taskToken).toBeUndefined();
    environment.put({ status: 'ended', endsAt: inDays(2) });
    expect((await call('POST', path, wanted)).status).toBe(409);
  });

  it('moves the end of a returned machine to now, and ends it as its schedule would', async () => {
    environment.put({ status: 'running', endsAt: inDays(2) });
    expect((await call('POST', `/requests/${record.requestId}/return`, {})).status).toBe(202);
    expect(environment.invoked).toEqual([{ requestId: record.requestId, because: 'due' }]);
    expect(Date.parse(environment.request().endsAt)).toBeLessThanOrEqual(Date.now());
    environment.put({ status: 'ended' });
    expect((await call('POST', `/requests/${record.requestId}/return`, {})).status).toBe(409);
  });

  it('refuses an event that no signature stands behind', async () => {
    const unsigned = { rawPath: '/requests', isBase64Encoded: false, requestContext: { http: {} } };
    await expect(submitRequest(unsigned)).rejects.toThrow('AWS_IAM');
  });
});

describe('check-request', () => {
  const check = (round = 1) => checkRequest({ requestId: record.requestId, round });
  const { approval: _, approvers: __, ...submitted } = record;
  const put = (more: object = {}) =>
    environment.put({ ...submitted, status: 'submitted', approval: undefined, approvers: undefined, ...more } as never);

  it('asks approvers but the requester, and counts the request once however often the step repeats', async () => {
    put();
    environment.after = (name) => {
      if (name === 'TransactWriteItems') throw namedError('TimeoutError');
    };
    await expect(check()).rejects.toMatchObject({ name: 'ServiceBusyError' });
    environment.after = () => undefined;
    expect(await check()).toEqual({ outcome: 'ask', reason: 'none' });
    expect(environment.request()).toMatchObject({ approvers: ['ben', 'cleo'], needed: 1, reserved: true });
    expect([environment.limit('team#data'), environment.limit('person#ana')]).toEqual([1, 1]);
  });

  it('approves by itself what is cheap, and rejects strangers to the team and too few approvers', async () => {
    put({ estimateCents: 500 });
    expect(await check()).toEqual({ outcome: 'approved', reason: 'none' });
    put({ team: 'other' });
    expect(await check()).toEqual({ outcome: 'rejected', reason: 'not-a-member' });
    environment.usePolicy({ teams: { data: { ...policy.teams['data']!, approvers: ['ana', 'ben'] } } });
    put({ estimateCents: 5_000 });
    expect(await check()).toEqual({ outcome: 'rejected', reason: 'too-few-approvers' });
  });

  it('rejects what would exceed a limit, and keeps the counters', async () => {
    environment.usePolicy({ perPerson: { machines: 0, monthlyDollars: 50 } });
    put();
    expect(await check()).toEqual({ outcome: 'rejected', reason: 'limit-of-person' });
    expect([environment.limit('team#data'), environment.limit('person#ana')]).toEqual([0, 0]);
  });

  it('names what is wrong in a policy, and no value of it', async () => {
    put();
    environment.parameters['/policy'] = '{"people":"canary"}';
    await expect(check()).rejects.toMatchObject({ name: 'InvalidPolicyError' });
    await expect(check()).rejects.not.toThrow(/canary/);
    await expect(checkRequest({ requestId: 'canary' })).rejects.toThrow('wrong or missing: requestId, round');
  });
});
