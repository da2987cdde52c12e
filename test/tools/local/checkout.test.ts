import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkout, stopCheckout, takeCheckout } from '../../../tools/local/checkout';
import { ChildProcesses } from '../../../tools/local/child-processes';
import { identify, isAlive, type ProcessIdentity } from '../../../tools/local/process-identity';
import { newRunRecord, readRunRecord, writeRunRecord, type RunRecord } from '../../../tools/local/run-record';
import { workspaceOf, type Workspace } from '../../../tools/local/workspace';

const at = new Date('2026-01-02T03:04:05Z');
const nobody = { pid: 2 ** 22 + 1, started: 'never' };
const workspace = (): Workspace => workspaceOf(mkdtempSync(join(tmpdir(), 'checkout-')));

async function sleeper(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  return identify(child.pid ?? 0)!; // It was spawned and sleeps.
}

async function taken(change: Partial<RunRecord>): Promise<Workspace> {
  const place = workspace();
  const record = { ...newRunRecord(at), id: 'the-other', ...change };
  await takeCheckout(place, record);
  return place;
}

test('a free checkout is taken', async () => {
  const place = workspace();
  const record = newRunRecord(at);
  expect(await takeCheckout(place, record)).toEqual([]);
  expect(readRunRecord(place.runRecord)).toEqual(record);
});

test('a second run fails with the pid of the first and the command that ends it', async () => {
  const place = await taken({});
  await expect(takeCheckout(place, newRunRecord(at))).rejects.toThrow(
    new RegExp(`a local run is active in this checkout \\(pid ${process.pid}, since .*npm run local -- --stop`),
  );
  expect(readRunRecord(place.runRecord)?.id).toBe('the-other');
});

test('a deployed stack keeps its checkout', async () => {
  const emulator = await sleeper();
  const place = await taken({ owner: nobody, kept: true, children: [{ ...emulator, what: 'emulator' }] });
  await expect(takeCheckout(place, newRunRecord(at))).rejects.toThrow(/a local stack is deployed in this checkout/);
  expect(isAlive(emulator)).toBe(true);
  writeFileSync(place.environmentFile, 'export AWS_ENDPOINT_URL=https://127.0.0.1:1');
  expect(await stopCheckout(place)).toContain(`emulator (pid ${emulator.pid})`);
  expect([isAlive(emulator), existsSync(place.runRecord)]).toEqual([false, false]);
  // It points at a port on which nothing listens any more.
  expect(existsSync(place.environmentFile)).toBe(false);
});

test('a run ends the processes that a killed run left and takes the checkout', async () => {
  const emulator = await sleeper();
  const place = await taken({ owner: nobody, children: [{ ...emulator, what: 'emulator' }] });
  expect(await takeCheckout(place, newRunRecord(at))).toEqual([`emulator (pid ${emulator.pid})`]);
  expect(isAlive(emulator)).toBe(false);
});

test('a process that reuses the pid of an ended child is left alone', async () => {
  const stranger = await sleeper();
  const place = await taken({ owner: nobody, children: [{ pid: stranger.pid, started: 'earlier', what: 'emulator' }] });
  expect(await takeCheckout(place, newRunRecord(at))).toEqual([]);
  expect(isAlive(stranger)).toBe(true);
  process.kill(stranger.pid, 'SIGKILL');
});

test('stopping an active run sends SIGTERM', async () => {
  const owner = await sleeper();
  const place = await taken({ owner });
  expect(await stopCheckout(place)).toMatch(/^ended the run of /);
  expect([isAlive(owner), existsSync(place.runRecord)]).toEqual([false, false]);
});

test('stopping without a run does nothing', async () => {
  expect(await stopCheckout(workspace())).toBe('nothing runs in this checkout');
});

describe('releasing', () => {
  async function entered() {
    const place = workspace();
    const record = newRunRecord(at);
    await takeCheckout(place, record);
    const checkout = new Checkout(place, record);
    const children = new ChildProcesses(record.id, (alive) => checkout.update({ children: [...alive] }));
    const log = join(place.folder, 'sleep.log');
    const { identity } = children.start({
      what: 'sleep',
      file: 'sleep',
      arguments: ['30'],
      folder: place.root,
      environment: process.env,
      log,
    });
    return { place, record, checkout, children, identity };
  }

  test('ends the children and removes the record', async () => {
    const { place, checkout, children, identity } = await entered();
    expect(readRunRecord(place.runRecord)?.children).toMatchObject([{ pid: identity.pid, what: 'sleep' }]);
    await checkout.release(children);
    expect([isAlive(identity), existsSync(place.runRecord)]).toEqual([false, false]);
  });

  test('without waiting does the same', async () => {
    const { place, checkout, identity } = await entered();
    checkout.releaseNow();
    expect(existsSync(place.runRecord)).toBe(false);
    for (let waited = 0; isAlive(identity) && waited < 1_000; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isAlive(identity)).toBe(false);
  });

  test('without waiting keeps a deployed stack and another run', async () => {
    const { place, record, checkout, children, identity } = await entered();
    writeRunRecord(place.runRecord, { ...record, id: 'another' });
    checkout.releaseNow();
    expect([isAlive(identity), existsSync(place.runRecord)]).toEqual([true, true]);
    checkout.update({ kept: true });
    checkout.releaseNow();
    expect([isAlive(identity), existsSync(place.runRecord)]).toEqual([true, true]);
    await checkout.release(children);
  });
});
