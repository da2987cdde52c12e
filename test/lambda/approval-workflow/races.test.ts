import type { Reply } from '../../../lambda/approval-workflow/call';
import type { Response } from '../../../lambda/approval-workflow/page';
import { lambdaContext } from '../../fakes/load-handler';
import { record } from './sample-request';
import { loadHandler, namedError, TestEnvironment } from './test-environment';

const askApproval = loadHandler('ask-approval');
const checkRequest = loadHandler<{ outcome: string }>('check-request');
const decideRequest = loadHandler<Response>('decide-request');
const endMachine = loadHandler('end-machine');
const launchMachine = loadHandler<{ state: string }>('launch-machine');
const scheduleEnd = loadHandler('schedule-end');
const submitRequest = loadHandler<Reply>('submit-request');
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => jest.restoreAllMocks());

/** Begins again with empty services; an environment's spies are on the clients that the next one uses. */
function renew(): void {
  jest.restoreAllMocks();
  environment = new TestEnvironment();
}

const { requestId } = record;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
const wanted = inDays(5);
const approved = { status: 'approved', approval: 'approved', reserved: true } as const;
const extended = {
  ...approved,
  status: 'running',
  endsAt: inDays(-0.01),
  round: 2,
  wantedEnd: wanted,
  approvers: ['ben', 'cleo'],
} as const;

const end = (because: string) => () => endMachine({ requestId, because }, lambdaContext());
const moveEnd = () => scheduleEnd({ requestId, round: 2 });
const launch = () => launchMachine({ requestId, round: 1 });
const call = (action: string, body: object) => () =>
  submitRequest({
    rawPath: `/requests/${requestId}/${action}`,
    body: JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      http: { method: 'POST', sourceIp: '192.0.2.1' },
      authorizer: { iam: { userArn: record.principal } },
    },
  });

/**
 * Runs `second` as a whole before a call of `first`, which is killed at a later one; returns whether `first` makes as many calls.
 */
async function interleave(
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
  at: number,
  killAt = Infinity,
): Promise<boolean> {
  let calls = 0;
  let isInside = false;
  environment.before = async () => {
    if (isInside) return;
    const number = calls++;
    if (number === at) {
      isInside = true;
      await second();
      isInside = false;
    }
    if (number === killAt) throw namedError('Killed');
  };
  await first().catch((error: unknown) => {
    // A machine that was terminated before it ran is lost to its launch.
    if (!['Killed', 'MachineLostError'].includes((error as Error).name)) throw error;
  });
  environment.before = () => undefined;
  return calls > at;
}

const alive = (): number => environment.instances.filter(({ state }) => state !== 'terminated').length;

async function running(more: object = {}): Promise<void> {
  renew();
  environment.put(approved);
  await launch();
  for (const one of environment.instances) one.state = 'running';
  const { instanceId, subnetId, launchedAt } = environment.request();
  environment.put({ ...extended, instanceId, subnetId, launchedAt, ...more } as never);
  environment.schedules.set(requestId, 'at(…)');
}

const ask = call('extension', { endsAt: inDays(6) });
const returnMachine = call('return', {});

it.each([
  ['the end during the move of an approved extension', moveEnd, end('due'), {}],
  ['the move of an approved extension during the end', end('due'), moveEnd, {}],
  ['the end during a request for an extension', ask, end('due'), { wantedEnd: undefined }],
  ['a request for an extension during the end', end('due'), ask, { wantedEnd: undefined }],
])('%s leaves a machine with a later end, or none', async (_, first, second, more) => {
  for (let at = 0; at < 40; at++) {
    await running(more);
    if (!(await interleave(first, second, at))) break;
    const { status, endsAt } = environment.request();
    if (status === 'running') {
      expect({ at, alive: alive(), endsAt }).toEqual({ at, alive: 1, endsAt: wanted });
      expect(environment.schedules.get(requestId)).toBe(`at(${wanted.replace('Z', '')})`);
    } else expectEnd(at);
  }
  expect.hasAssertions();
});

it.each([
  ['a return during the move of an approved extension', moveEnd, returnMachine],
  ['the move of an approved extension during a return', returnMachine, moveEnd],
])('%s ends the machine', async (_, first, second) => {
  for (let at = 0; at < 40; at++) {
    await running({ endsAt: inDays(1) });
    if (!(await interleave(first, second, at))) break;
    expect(environment.invoked).toHaveLength(1);
    await end('due')();
    expectEnd(at);
  }
  expect.hasAssertions();
});

function expectEnd(at: number): void {
  const { status, reserved } = environment.request();
  const ends = environment.entries().filter((what) => what === 'ended').length;
  expect({ at, status, alive: alive(), reserved, ends }).toEqual({
    at,
    status: 'ended',
    alive: 0,
    reserved: false,
    ends: 1,
  });
}

it.each([
  ['continues', Infinity],
  ['is killed', 0],
  ['is killed at its next call', 1],
  ['is killed later', 2],
])('a launch that %s after its request is cancelled leaves no machine', async (_, later) => {
  for (let at = 0; at < 40; at++) {
    renew();
    environment.put(approved);
    if (!(await interleave(launch, end('cancelled'), at, at + later))) break;
    // The state machine repeats the step.
    await launch();
    expect({ at, alive: alive() }).toEqual({ at, alive: 0 });
    expect(environment.instances.length).toBeLessThan(2);
  }
  expect(environment.entries()).toContain('launched');
});

it('of 100 decisions at once one counts, and the workflow learns that one', async () => {
  environment.put({ taskToken: undefined, expiresAt: undefined } as never);
  await askApproval({ requestId, round: 1, taskToken: 'token', decideSeconds: 60, reminder: false });
  const link = environment.linkOf('ben');
  const request = (method: string, body = '') =>
    decideRequest({
      pathParameters: { link },
      requestContext: { http: { method, sourceIp: '192.0.2.1' } },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      isBase64Encoded: false,
    });
  const { body: html } = await request('GET');
  const token = /name="token" value="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#61;', '=') ?? '';
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      request('POST', new URLSearchParams({ token, decision: index % 2 === 0 ? 'approve' : 'refuse' }).toString()),
    ),
  );
  const counted = answers.findIndex(({ statusCode }) => statusCode === 200);
  expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(99);
  const outcome = counted % 2 === 0 ? 'approved' : 'refused';
  expect(environment.outcomes).toEqual([{ token: 'token', output: { outcome } }]);
  expect(environment.entries()).toEqual(['approvers asked', outcome]);
});

it('of 50 requests of a team at once its limit is counted, never more, while transactions conflict', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `r-${String(index).padStart(24, '0')}`);
  const submitted = { status: 'submitted', approval: undefined, taskToken: undefined };
  for (const [index, id] of ids.entries())
    environment.put({ ...submitted, requestId: id, person: `p${index}` } as never);
  const names = ids.map((_id, index) => `p${index}`);
  const limits = { machines: 7, monthlyDollars: 1_000 };
  environment.usePolicy({
    people: {
      ...Object.fromEntries(names.map((name) => [name, { principals: [], email: `${name}@example.com` }])),
      ben: { principals: [], email: 'ben@example.com' },
    },
    teams: { data: { members: names, approvers: ['ben'], ...limits } },
    perPerson: limits,
  });
  let calls = 0;
  environment.before = (name) => {
    if (name === 'TransactWriteItems' && calls++ % 3 === 0) throw namedError('TransactionConflictException');
  };
  const check = async (id: string): Promise<string> => {
    for (;;) {
      try {
        return (await checkRequest({ requestId: id, round: 1 })).outcome;
      } catch (error) {
        if ((error as Error).name !== 'ServiceBusyError') throw error;
      }
    }
  };
  const outcomes = await Promise.all(ids.map(check));
  expect(outcomes.filter((outcome) => outcome === 'ask')).toHaveLength(7);
  expect(outcomes.filter((outcome) => outcome === 'rejected')).toHaveLength(43);
  expect(environment.limit('team#data')).toBe(7);
});
