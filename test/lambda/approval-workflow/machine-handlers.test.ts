import { lambdaContext } from '../../fakes/load-handler';
import { record } from './sample-request';
import { loadHandler, namedError, TestEnvironment } from './test-environment';

const launchMachine = loadHandler<{ state: string }>('launch-machine');
const scheduleEnd = loadHandler('schedule-end');
const endMachine = loadHandler<{ outcome: string }>('end-machine');
const countMachines = loadHandler('count-machines');
const publishEntries = loadHandler<{ batchItemFailures: object[] }>('publish-entries');
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => jest.restoreAllMocks());

const { requestId } = record;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
const approved = { status: 'approved', approval: 'approved', reserved: true } as const;
const running = { ...approved, status: 'running', instanceId: 'i-1', attempt: 0, amiId: 'ami-1' } as const;
const fail = (call: string, error: string): void => {
  environment.before = (name) => {
    if (name === call) throw namedError(error);
  };
};
const heal = (): void => {
  environment.before = () => undefined;
  environment.after = () => undefined;
};

describe('launch-machine', () => {
  const launch = (): Promise<{ state: string }> => launchMachine({ requestId, round: 1 });
  const start = (): void => environment.instances.forEach((one) => (one.state = 'running'));

  it('launches one machine with its tags, and notifies the requester once when it runs', async () => {
    environment.put({ ...approved, startScript: 'docker' });
    expect(await launch()).toEqual({ state: 'pending' });
    start();
    expect([await launch(), await launch()]).toEqual([{ state: 'running' }, { state: 'running' }]);
    expect(environment.instances).toHaveLength(1);
    expect(environment.instances[0]?.input).toMatchObject({
      ClientToken: `${requestId}-0`,
      ImageId: 'ami-1',
      NetworkInterfaces: [{ SubnetId: 'subnet-a' }],
      UserData: Buffer.from('#!/bin/sh').toString('base64'),
    });
    expect(environment.mails).toMatchObject([
      { recipient: 'ana@example.com', subject: `Machine ${requestId} is running` },
    ]);
    expect(environment.entries()).toEqual(['launching', 'launched', 'running', 'requester notified']);
  });

  it('counts a machine as running once its agent is online, where that is waited for', async () => {
    environment.put(approved);
    const launchWithAgent = loadHandler<{ state: string }>('launch-machine', { WAIT_FOR_AGENT: 'true' });
    await launchWithAgent({ requestId, round: 1 });
    start();
    expect(await launchWithAgent({ requestId, round: 1 })).toEqual({ state: 'pending' });
    expect(environment.request().status).toBe('approved');
    environment.online.add('i-1');
    expect(await launchWithAgent({ requestId, round: 1 })).toEqual({ state: 'running' });
  });

  it.each(['killed before the call', 'unanswered', 'killed after the call'])(
    'repeats the same call after an attempt that was %s, also if the image changed meanwhile',
    async (what) => {
      environment.put(approved);
      if (what === 'killed before the call') fail('RunInstances', 'Killed');
      else if (what === 'unanswered')
        environment.after = (name) => name === 'RunInstances' && throwError('TimeoutError');
      else {
        let launched = false;
        environment.before = (name) => {
          if (launched && name === 'TransactWriteItems') throw namedError('Killed');
          launched ||= name === 'RunInstances';
        };
      }
      await expect(launch()).rejects.toThrow();
      heal();
      environment.parameters['/aws/service/ami'] = 'ami-2';
      expect(await launch()).toEqual({ state: 'pending' });
      expect(environment.instances).toHaveLength(1);
      expect(environment.instances[0]?.input).toMatchObject({ ImageId: 'ami-1', ClientToken: `${requestId}-0` });
    },
  );

  it('goes to the next subnet with another token after a capacity error, and fails after the last', async () => {
    environment.put(approved);
    environment.before = (name, sent) => {
      if (name === 'RunInstances' && JSON.stringify(sent).includes('subnet-a'))
        throw namedError('InsufficientInstanceCapacity');
    };
    expect(await launch()).toEqual({ state: 'pending' });
    expect(environment.instances[0]?.input).toMatchObject({ ClientToken: `${requestId}-1` });
    environment.put(approved);
    fail('RunInstances', 'InsufficientInstanceCapacity');
    await expect(launch()).rejects.toMatchObject({ name: 'NoCapacityError' });
    expect(environment.instances).toHaveLength(1);
  });

  it('repeats the call in its subnet, also after a deployment with others', async () => {
    environment.put(approved);
    environment.after = (name) => name === 'RunInstances' && throwError('TimeoutError');
    await expect(launch()).rejects.toThrow();
    heal();
    const deployed = loadHandler<{ state: string }>('launch-machine', { SUBNET_IDS: 'subnet-c,subnet-b' });
    await deployed({ requestId, round: 1 });
    expect(environment.instances.map(({ input }) => input.NetworkInterfaces?.[0]?.SubnetId)).toEqual(['subnet-a']);
  });

  const cancelAfterCall = (): void => {
    environment.after = (name) => {
      if (name === 'RunInstances') environment.put({ ...environment.request(), status: 'cancelled' });
    };
  };

  it('terminates a machine whose request ended in the moment of its launch', async () => {
    environment.put(approved);
    cancelAfterCall();
    expect(await launch()).toEqual({ state: 'over' });
    expect(environment.instances).toMatchObject([{ state: 'terminated' }]);
  });

  it('terminates it with the next attempt, if the first was killed after the call or EC2 does not know it yet', async () => {
    for (const error of ['Killed', 'InvalidInstanceID.NotFound']) {
      environment.instances.length = 0;
      environment.put(approved);
      cancelAfterCall();
      fail('TerminateInstances', error);
      await expect(launch()).rejects.toThrow(error);
      heal();
      expect(await launch()).toEqual({ state: 'over' });
      expect(environment.instances).toMatchObject([{ state: 'terminated' }]);
    }
  });

  it('reports a quota that is used up, and waits while AWS checks a new account', async () => {
    environment.put(approved);
    fail('RunInstances', 'VcpuLimitExceeded');
    await expect(launch()).rejects.toMatchObject({ name: 'QuotaExceededError' });
    fail('RunInstances', 'PendingVerification');
    await expect(launch()).rejects.toMatchObject({ name: 'ServiceBusyError' });
  });

  it('launches nothing for a request that is over, and reports a machine that ended before it ran', async () => {
    environment.put({ ...approved, status: 'ending' });
    expect(await launch()).toEqual({ state: 'over' });
    expect(environment.instances).toEqual([]);
    environment.put(approved);
    await launch();
    environment.instances[0]!.state = 'terminated';
    await expect(launch()).rejects.toMatchObject({ name: 'MachineLostError' });
  });
});

function throwError(name: string): never {
  throw namedError(name);
}

describe('schedule-end', () => {
  it('schedules the end at its time, and moves it for an approved extension with a notice', async () => {
    environment.put({ ...approved, endsAt: '2099-12-01T10:00:00Z' });
    await scheduleEnd({ requestId, round: 1 });
    expect(environment.schedules.get(requestId)).toBe('at(2099-12-01T10:00:00)');
    expect(environment.mails).toEqual([]);
    environment.put({ ...running, round: 2, wantedEnd: '2099-12-05T10:00:00Z' });
    await scheduleEnd({ requestId, round: 2 });
    await scheduleEnd({ requestId, round: 2 });
    expect(environment.schedules.get(requestId)).toBe('at(2099-12-05T10:00:00)');
    expect(environment.mails).toMatchObject([{ subject: `Machine ${requestId} is extended (extension 1)` }]);
  });

  it('refuses a request that was approved after its end, since its machine would never end', async () => {
    environment.put({ ...approved, endsAt: inDays(-0.1) });
    await expect(scheduleEnd({ requestId, round: 1 })).rejects.toMatchObject({ name: 'EndPassedError' });
    expect(environment.schedules.size).toBe(0);
  });

  it('schedules no time that is past when EventBridge Scheduler reads it', async () => {
    environment.put({ ...approved, endsAt: new Date(Date.now() + 1_500).toISOString().replace(/\.\d+Z$/, 'Z') });
    await scheduleEnd({ requestId, round: 1 });
    const [, at = ''] = /at\((.*)\)/.exec(environment.schedules.get(requestId) ?? '') ?? [];
    expect(Date.parse(`${at}Z`) - Date.now()).toBeGreaterThan(10_000);
  });

  it('is repeated if the schedule fires in the moment in which it is moved', async () => {
    environment.put({ ...running, round: 2, wantedEnd: inDays(5) });
    environment.schedules.set(requestId, 'at(…)');
    environment.before = (name) => name === 'UpdateSchedule' && environment.schedules.clear();
    await expect(scheduleEnd({ requestId, round: 2 })).rejects.toMatchObject({ name: 'ServiceBusyError' });
    heal();
    await scheduleEnd({ requestId, round: 2 });
    expect(environment.schedules.size).toBe(1);
  });

  it('schedules nothing for a request that ends already', async () => {
    environment.put({ ...running, status: 'ending', round: 2, wantedEnd: '2099-12-05T10:00:00Z' });
    await scheduleEnd({ requestId, round: 2 });
    expect(environment.schedules.size).toBe(0);
    expect(environment.request().endsAt).toBe(record.endsAt);
  });
});

describe('end-machine', () => {
  const context = {
    ...lambdaContext(),
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:EndMachine',
  };
  const end = (more: object) => endMachine({ requestId, ...more }, context);
  async function launched(more: object = {}): Promise<void> {
    environment.put(approved);
    await launchMachine({ requestId, round: 1 });
    environment.put({ ...environment.request(), status: 'running', endsAt: inDays(-1), ...more });
    environment.schedules.set(requestId, 'at(…)');
  }

  it('terminates a machine that is due, once, gives its limits back and notifies the requester', async () => {
    await launched();
    expect(await end({ because: 'due' })).toEqual({ outcome: 'ended' });
    expect(await end({ because: 'due' })).toEqual({ outcome: 'ended' });
    expect(environment.instances).toMatchObject([{ state: 'terminated' }]);
    expect(environment.request()).toMatchObject({ status: 'ended', reserved: false });
    expect(environment.limit('team#data')).toBe(-1);
    expect(environment.schedules.size).toBe(0);
    expect(environment.mails).toMatchObject([{ subject: `Machine ${requestId} has ended` }]);
  });

  it('leaves a machine whose end has moved, and schedules itself for the new end', async () => {
    await launched({ endsAt: '2099-12-05T10:00:00Z' });
    expect(await end({ because: 'due' })).toEqual({ outcome: 'not-due' });
    expect(environment.schedules.get(requestId)).toBe('at(2099-12-05T10:00:00)');
    expect(environment.instances).toMatchObject([{ state: 'pending' }]);
  });

  it('finds a machine that was launched and not recorded', async () => {
    await launched();
    environment.put({ ...environment.request(), status: 'approved', instanceId: undefined } as never);
    await end({ because: 'failed', reason: 'launch-failed' });
    expect(environment.instances).toMatchObject([{ state: 'terminated' }]);
    expect(environment.request()).toMatchObject({ status: 'failed', reason: 'launch-failed' });
  });

  it('ends one whose attempt failed between the steps, with the next', async () => {
    await launched();
    fail('TerminateInstances', 'RequestLimitExceeded');
    await expect(end({ because: 'due' })).rejects.toMatchObject({ name: 'ServiceBusyError' });
    heal();
    await end({ because: 'due' });
    expect(environment.request().status).toBe('ended');
    expect(environment.entries().filter((what) => what === 'ended')).toHaveLength(1);
  });

  it('repeats the end of a machine that EC2 does not know yet, and ends one that it no longer knows', async () => {
    await launched();
    fail('TerminateInstances', 'InvalidInstanceID.NotFound');
    await expect(end({ because: 'due' })).rejects.toMatchObject({ name: 'ServiceBusyError' });
    environment.put({ ...environment.request(), launchedAt: inDays(-1) });
    expect(await end({ because: 'due' })).toEqual({ outcome: 'ended' });
  });

  it('leaves an approval of the last second alone', async () => {
    environment.put(approved);
    expect(await end({ because: 'expired' })).toEqual({ outcome: 'approved' });
    expect(environment.request().status).toBe('approved');
  });

  it.each(['refused', 'expired', 'rejected', 'failed'] as const)(
    'keeps the machine of an extension that is %s',
    async (because) => {
      await launched({ round: 2, approval: 'open', wantedEnd: inDays(5), endsAt: inDays(1) });
      expect(await end({ because, round: 2 })).toEqual({ outcome: 'kept' });
      expect(environment.request()).not.toHaveProperty('wantedEnd');
      expect(environment.request().status).toBe('running');
      expect(environment.mails[0]?.subject).toContain('is not extended');
    },
  );

  it('takes no text of a person as a reason', async () => {
    await expect(end({ because: 'failed', reason: '<script>' })).rejects.toThrow('wrong or missing: reason');
  });
});

it('count-machines counts a machine without a request, and a request without a machine', async () => {
  environment.put({ ...running, changedAt: '2026-01-01T00:00:00.000Z', endsAt: inDays(1) });
  const Tags = [
    { Key: 'ManagedBy', Value: 'ApprovalWorkflow' },
    { Key: 'RequestId', Value: 'r-ffffffffffffffffffffffff' },
  ];
  const input = { TagSpecifications: [{ Tags }], MinCount: 1, MaxCount: 1 };
  environment.instances.push({ id: 'i-9', state: 'running', input });
  await countMachines({});
  expect(environment.lines).toMatch(/"MachinesWithoutRequest":1,"RequestsWithoutMachine":1,"OverdueMachines":0/);
});

describe('publish-entries', () => {
  const recordOf = (revision: number) => {
    const entry = {
      requestId,
      entry: String(revision).padStart(6, '0'),
      at: '2026-11-27T10:00:00.000Z',
      status: 'running',
    };
    const texts = { ...entry, team: 'data', what: 'running', who: 'workflow', from: '192.0.2.1', detail: 'canary' };
    const NewImage = Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]));
    return { dynamodb: { SequenceNumber: String(revision), NewImage } };
  };
  const batch = { Records: Array.from({ length: 12 }, (_, index) => recordOf(index + 1)) };

  it('publishes each entry in order, without its detail and address', async () => {
    expect(await publishEntries(batch)).toEqual({ batchItemFailures: [] });
    expect(environment.events.map(({ revision }) => revision)).toEqual(batch.Records.map((_, index) => index + 1));
    expect(JSON.stringify(environment.events)).not.toMatch(/canary|192\.0\.2\.1/);
  });

  it('names the first that EventBridge did not take', async () => {
    environment.after = (name) => {
      if (name === 'PutEvents' && environment.events.length > 10) throw namedError('InternalException');
    };
    await expect(publishEntries(batch)).rejects.toThrow('InternalException');
    jest
      .spyOn(
        jest.requireActual<{ EventBridgeClient: { prototype: { send: () => unknown } } }>('@aws-sdk/client-eventbridge')
          .EventBridgeClient.prototype,
        'send',
      )
      .mockImplementation(() => Promise.resolve({ Entries: [{}, {}, { ErrorCode: 'ThrottlingException' }] }));
    expect(await publishEntries(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }] });
  });
});
