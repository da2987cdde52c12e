import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proxyFile, workingFolder } from '../../../../tools/local/faults/fault-folder';
import { LocalFaults } from '../../../../tools/local/faults/fault-injector';
import { invocationsFolder } from '../../../../tools/local/invocations/events';
import { identify } from '../../../../tools/local/process-identity';
import { issueCertificate } from '../../../../tools/local/certificate';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
const faults = new LocalFaults(folder, { endpoint: 'https://127.0.0.1:1', ...issueCertificate(new Date()) });
let worker: ChildProcess;

beforeEach(async () => {
  worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(worker, 'spawn');
});
afterEach(() => worker.kill('SIGKILL'));

function atWork(functionName: string, started = identify(worker.pid ?? 0)?.started ?? ''): void {
  const working = workingFolder(folder, functionName);
  mkdirSync(working, { recursive: true });
  mkdirSync(invocationsFolder(folder, functionName), { recursive: true });
  writeFileSync(join(working, String(worker.pid)), started);
}

test('an active worker is killed once', async () => {
  atWork('busy');
  const ended = once(worker, 'exit');
  expect(await faults.kill('busy')).toBe(1);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(await faults.kill('busy')).toBe(0);
});

test('workers of other functions are not killed', async () => {
  atWork('other');
  expect(await faults.kill('mine')).toBe(0);
  expect(identify(worker.pid ?? 0)).toBeDefined();
});

test('a process that reuses the pid of an ended worker is left alone', async () => {
  atWork('stale', 'another process');
  expect(await faults.kill('stale')).toBe(0);
  expect(identify(worker.pid ?? 0)).toBeDefined();
});

test('calls of a function go to the proxy until the disturbance ends', async () => {
  const file = proxyFile(folder, 'f', 'dynamodb');
  const restore = await faults.disturb('f', 'dynamodb', { throttled: 0.5 }, 1);
  expect(Number(readFileSync(file, 'utf8'))).toBeGreaterThan(0);
  await expect(faults.disturb('f', 'dynamodb', { slow: 1 }, 1)).rejects.toThrow('already disturbed');
  expect(await restore()).toEqual({ calls: 0, throttled: 0, dropped: 0, unanswered: 0, slow: 0 });
  expect(existsSync(file)).toBe(false);
});

test('a run without a stream poller cannot crash it', async () => {
  await expect(faults.crashStreamPoller()).rejects.toThrow('no stream poller');
});
