import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Scenario } from '../../../scenarios/shared/scenario';
import { runAccountChecks } from '../../../tools/account/checks';
import { RunFolder } from '../../../tools/account/run-folder';
import { Display } from '../../../tools/scenario-runner/display';
import { Progress } from '../../../tools/scenario-runner/progress';

let ran: string[];
let errors: Error[];
const check = (name: string): Check => ({
  ...{ name, title: name },
  run: () => {
    ran.push(name);
    const error = errors.shift();
    return error === undefined ? Promise.resolve() : Promise.reject(error);
  },
});
const scenario: Scenario = { slug: 'photos', smokeTest: check('smoke-test'), proofs: [check('formats')] };
const checks = [
  { kind: 'smoke-test' as const, check: scenario.smokeTest },
  { kind: 'proof' as const, check: scenario.proofs[0]! },
];

const reconnect = jest.fn(() => Promise.resolve());
let folder: RunFolder;
beforeEach(() => {
  [ran, errors] = [[], []];
  reconnect.mockClear();
  folder = new RunFolder(mkdtempSync(join(tmpdir(), 'account-')));
});

function run(stop = new AbortController().signal) {
  const progress = new Progress(new Display({ write: () => true }));
  const environment = { seed: 1, progress, stop, startedAt: Date.now() };
  return runAccountChecks({ scenario, checks, outputs: {}, target: 'AWS', folder, reconnect }, environment);
}

it('runs the smoke test, then the proofs, and joins their reports', async () => {
  expect(await run()).toMatchObject({ passed: 2, failed: 0, checks: [{ name: 'smoke-test' }, { name: 'formats' }] });
});

it('a second start repeats only what has not passed', async () => {
  errors = [undefined as never, new Error('a defect')];
  expect(await run()).toMatchObject({ passed: 1, failed: 1 });
  ran = [];
  expect(await run()).toMatchObject({ passed: 2, failed: 0 });
  expect(ran).toEqual(['formats']);
});

it('a check that fails for want of a connection is repeated once there is one, a defect is not', async () => {
  errors = [new Error('getaddrinfo ENOTFOUND s3.amazonaws.com'), new Error('a defect')];
  await run();
  expect(ran).toEqual(['smoke-test', 'smoke-test', 'formats']);
  expect(reconnect).toHaveBeenCalledTimes(1);
});

it('Ctrl-C starts no other check', async () => {
  expect(await run(AbortSignal.abort(new Error('stopped')))).toBeUndefined();
  expect(ran).toEqual([]);
});
