import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endGroup, endRun, endRunNow } from '../../../tools/local/process-cleanup';
import { identify, isAlive, runMarker, type ProcessIdentity } from '../../../tools/local/process-identity';
import { newRunRecord } from '../../../tools/local/run-record';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const { pid = 0 } of started.splice(0)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The test has ended it.
    }
  }
});

/** A process group whose leader runs a script in sh. */
async function group(script: string, runId = 'none'): Promise<ProcessIdentity> {
  const child = spawn('sh', ['-c', `${script} echo ready; wait`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, [runMarker]: runId },
  });
  started.push(child);
  await once(child.stdout, 'data');
  return identify(child.pid ?? 0)!; // It has just said that it is ready.
}

/** The kernel takes a moment over a killed process. */
const gone = async (identity: ProcessIdentity): Promise<boolean> => {
  for (let waited = 0; isAlive(identity) && waited < 1_000; waited += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return !isAlive(identity);
};

test('a group ends with its leader', async () => {
  const leader = await group('sleep 30 &');
  await endGroup(leader);
  expect(await gone(leader)).toBe(true);
});

test('a leader that ignores SIGTERM is killed after the grace period', async () => {
  const leader = await group("trap '' TERM; sleep 30 &");
  const before = Date.now();
  await endGroup(leader, 200);
  expect(await gone(leader)).toBe(true);
  expect(Date.now() - before).toBeGreaterThanOrEqual(200);
});

test('a process that reuses the pid of an ended one is left alone', async () => {
  const other = await group('sleep 30 &');
  await endGroup({ pid: other.pid, started: 'long ago' });
  expect(isAlive(other)).toBe(true);
});

test('a run is ended with its process groups, other processes and folder', async () => {
  const id = `stray-${process.pid}`;
  const [child, stray] = [await group('sleep 30 &'), await group('sleep 30 &', id)];
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'temporary-'));
  const record = { ...newRunRecord(new Date()), id, children: [{ ...child, what: 'emulator' }], temporaryFolder };
  const ended = await endRun(record);
  expect(ended).toContain(`emulator (pid ${child.pid})`);
  expect([await gone(child), existsSync(temporaryFolder)]).toEqual([true, false]);
  if (process.platform === 'linux') expect(await gone(stray)).toBe(true);
});

test('a run can be ended without waiting', async () => {
  const child = await group("trap '' TERM; sleep 30 &");
  endRunNow({ ...newRunRecord(new Date()), id: 'none-of-these', children: [{ ...child, what: 'emulator' }] });
  expect(await gone(child)).toBe(true);
});
