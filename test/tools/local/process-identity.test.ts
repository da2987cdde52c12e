import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { identify, isAlive, processesOfRun, runMarker } from '../../../tools/local/process-identity';

test('this process is alive, and differs from an earlier one with its pid', () => {
  const self = identify(process.pid);
  expect(self && isAlive(self)).toBe(true);
  expect(isAlive({ pid: process.pid, started: 'another time' })).toBe(false);
});

test('an unused pid identifies no process', () => {
  expect(identify(2 ** 22 + 1)).toBeUndefined();
});

test('a process is not alive once it has ended', async () => {
  const child = spawn('sleep', ['30']);
  const identity = identify(child.pid ?? 0);
  expect(identity && isAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(identity && isAlive(identity)).toBe(false);
});

const onLinux = process.platform === 'linux' ? test : test.skip; // Elsewhere no environment can be read.
onLinux('a process of a run is found by its inherited environment', async () => {
  const child = spawn('sleep', ['30'], { env: { ...process.env, [runMarker]: 'marked-1' } });
  await once(child, 'spawn');
  const found = processesOfRun('marked-1');
  const others = processesOfRun('marked-');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(found).toEqual([child.pid]);
  expect(others).toEqual([]);
});
