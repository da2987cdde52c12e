import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFaults } from '../../../../tools/local/faults/fault-injector';
import { workingFolder } from '../../../../tools/local/faults/fault-folder';
import { issueCertificate } from '../../../../tools/local/certificate';
import type { DeployedFunction } from '../../../../tools/local/invocations/deployed-functions';
import { invocationsFolder, type InvocationEvent, type Trigger } from '../../../../tools/local/invocations/events';
import { InvocationObserver } from '../../../../tools/local/invocations/observer';
import { identify } from '../../../../tools/local/process-identity';
import { describeFailure, type FunctionFailure } from '../../../../tools/scenario-runner/function-observer';

const physicalName = 'Photos-Resize1A2B3C4D-0123456789ABC';
const deployed: DeployedFunction = {
  ...{ slug: 'photos', logicalId: 'Resize1A2B3C4D', name: 'Resize' },
  ...{ asyncAttempts: 3, sqsAttempts: 5 },
};
const error = { type: 'TypeError', message: 'x is not a function', at: 'lambda/photos/resize.ts:24' };

let folder: string;
let observer: InvocationObserver;
let seen: FunctionFailure[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'observer-'));
  mkdirSync(invocationsFolder(folder, physicalName), { recursive: true });
  seen = [];
  observer = new InvocationObserver(
    folder,
    (failure) => seen.push(failure),
    () =>
      Promise.resolve(
        new Map([
          ['Photos-Resize1A2B3C4D-X1', 3],
          ['Other-Function-X2', 7],
        ]),
      ),
  );
  observer.observe(new Map([['Photos/Resize1A2B3C4D', deployed]]));
});
afterEach(() => observer.close());

function write(event: InvocationEvent | string, pid = process.pid): void {
  const line = typeof event === 'string' ? event : `${JSON.stringify(event)}\n`;
  appendFileSync(join(invocationsFolder(folder, physicalName), `${pid}.jsonl`), line);
}

function begin(trigger: Trigger, pid = process.pid, deadline = Date.now() + 60_000): void {
  write({ event: 'begin', id: 'r', time: Date.now(), deadline, coldStart: true, trigger }, pid);
}

function end(failed: boolean): void {
  const time = Date.now();
  write({
    event: 'end',
    id: 'r',
    time,
    milliseconds: 5,
    memoryMegabytes: 80,
    ...(failed ? { error, lines: ['a'] } : {}),
  });
}

const failures = () => observer.failures('photos', 0).map(describeFailure);

test('attempts of one asynchronous event are counted against their number', () => {
  for (const hash of ['one', 'one', 'two', 'one']) {
    begin({ kind: 'async', hash });
    end(true);
  }
  const text = 'TypeError: x is not a function at lambda/photos/resize.ts:24';
  expect(failures()).toEqual([
    `Resize failed (attempt 1 of 3): ${text}`,
    `Resize failed (attempt 2 of 3): ${text}`,
    `Resize failed (attempt 1 of 3): ${text}`,
    `Resize failed (attempt 3 of 3): ${text}`,
  ]);
  expect(seen).toHaveLength(4);
  expect(observer.permanentFailure('photos', 0)?.attempt).toBe(3);
});

test('the attempt of an SQS message is its receive count', () => {
  begin({ kind: 'sqs', receiveCount: 5 });
  end(true);
  expect(failures()[0]).toContain('(attempt 5 of 5)');
  expect(observer.permanentFailure('photos', 0)).toBeDefined();
});

test('without a success for 90 s every failure counts as permanent', () => {
  jest.useFakeTimers({ now: Date.now() });
  begin({ kind: 'direct' });
  end(true);
  expect(failures()[0]).toMatch(/^Resize failed: TypeError/);
  expect(observer.permanentFailure('photos', 0)).toBeUndefined();
  jest.setSystemTime(Date.now() + 90_000);
  expect(observer.permanentFailure('photos', 0)).toBeDefined();
  begin({ kind: 'direct' });
  end(false);
  expect(observer.permanentFailure('photos', 0)).toBeUndefined();
  jest.useRealTimers();
});

test('an invocation whose process ended is a failure, one that was killed by fault injection is not', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const pid = child.pid ?? 0;
  begin({ kind: 'direct' }, pid);
  expect(failures()).toEqual([]);
  const working = workingFolder(folder, physicalName);
  mkdirSync(working, { recursive: true });
  appendFileSync(join(working, String(pid)), identify(pid)?.started ?? '');
  write('{"half a', pid);
  const faults = new LocalFaults(folder, { endpoint: 'https://127.0.0.1:1', ...issueCertificate(new Date()) });
  expect(await faults.kill(physicalName)).toBe(1);
  await exited(child);
  expect(failures()).toEqual([]);

  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  begin({ kind: 'direct' }, other.pid);
  expect(failures()).toEqual([]);
  other.kill('SIGKILL');
  await exited(other);
  expect(failures()).toEqual(['Resize failed: Runtime.ExitError: process ended during the invocation']);
});

test('an invocation beyond its deadline has timed out', () => {
  begin({ kind: 'direct' }, process.pid, Date.now() - 2_000);
  expect(failures()[0]).toMatch(/^Resize failed: Sandbox.Timedout: timed out after/);
});

test('a denied call and a failed initialization are failures', () => {
  write({ event: 'denied', time: Date.now(), call: { service: 's3', operation: 'GetObject', resources: ['photos'] } });
  write({
    event: 'init-failed',
    time: Date.now(),
    error: { type: 'Runtime.ImportModuleError', message: 'sharp' },
    lines: [],
  });
  expect(failures()).toEqual([
    'Resize failed: AccessDenied: denied s3:GetObject on photos',
    'Resize failed: Runtime.ImportModuleError: sharp',
  ]);
});

test('an expected error is neither reported nor permanent', () => {
  const endExpectation = observer.expectErrors('photos', ['TypeError']);
  begin({ kind: 'sqs', receiveCount: 5 });
  end(true);
  endExpectation();
  expect(seen).toEqual([]);
  expect(observer.permanentFailure('photos', 0)).toBeUndefined();
  begin({ kind: 'sqs', receiveCount: 5 });
  end(true);
  expect(observer.permanentFailure('photos', 0)).toBeDefined();
});

test('retries of events that an earlier check sent are ignored', () => {
  observer.ignoreEventsBefore(10_000);
  begin({ kind: 'sqs', receiveCount: 5, sent: 8_000 });
  end(true);
  expect(observer.permanentFailure('photos', 0)).toBeUndefined();
  expect(seen).toEqual([]);
  begin({ kind: 'sqs', receiveCount: 5, sent: 11_000 });
  end(true);
  expect(observer.permanentFailure('photos', 0)).toBeDefined();
});

test('a failed event of an earlier check is shown and ends no later check', () => {
  const since = Date.now();
  begin({ kind: 'sqs', receiveCount: 5, sent: since - 5_000 });
  end(true);
  expect(observer.permanentFailure('photos', since)).toBeUndefined();
  expect(seen).toHaveLength(1);
  begin({ kind: 'sqs', receiveCount: 5, sent: since });
  end(true);
  expect(observer.permanentFailure('photos', since)).toBeDefined();
});

test('statistics count invocations, errors, cold starts and throttles, with durations', async () => {
  begin({ kind: 'direct' });
  end(false);
  begin({ kind: 'direct' });
  end(true);
  expect(await observer.statistics(0)).toMatchObject([
    {
      slug: 'photos',
      function: 'Resize',
      invocations: 2,
      errors: 1,
      coldStarts: 2,
      maxMemoryMegabytes: 80,
      throttles: 3,
    },
  ]);
  expect(await observer.statistics(Date.now() + 1_000)).toEqual([]);
});

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
