import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcesses, type Command, type NamedProcess } from '../../../tools/local/child-processes';
import { isAlive, runMarker } from '../../../tools/local/process-identity';

const folder = mkdtempSync(join(tmpdir(), 'children-'));
let count = 0;

function shell(script: string, more: Partial<Command> = {}): Command {
  count += 1;
  return {
    what: 'a script',
    file: 'sh',
    arguments: ['-c', script],
    folder,
    environment: { PATH: process.env['PATH'] },
    log: join(folder, 'logs', `${count}.log`),
    onOutput: () => undefined,
    ...more,
  };
}

const children = (): ChildProcesses => new ChildProcesses('run-1', () => undefined);

test('output is passed on as it arrives, and is in the log', async () => {
  const output: string[] = [];
  const command = shell(`echo out; echo err >&2; echo "$${runMarker}"`, { onOutput: (text) => output.push(text) });
  expect(await children().run(command, { withinSeconds: 5 })).toBe(0);
  expect(output.join('')).toContain('out\n');
  expect(readFileSync(command.log, 'utf8').split('\n').sort()).toEqual(['', 'err', 'out', 'run-1']);
});

test('a command without a listener writes its log itself', async () => {
  const { onOutput: _onOutput, ...command } = shell('echo out; echo err >&2');
  expect(await children().run(command, { withinSeconds: 5 })).toBe(0);
  expect(readFileSync(command.log, 'utf8')).toBe('out\nerr\n');
});

test('a failure names the exit code and the end of the log', async () => {
  const command = shell('for i in 1 2 3; do echo "line $i"; done; exit 7');
  await expect(children().run(command, { withinSeconds: 5 })).rejects.toThrow(
    /a script ended with exit code 7.*\n.*\n.*line 2\n.*line 3$/s,
  );
});

test('an allowed failure is returned as an exit code', async () => {
  expect(await children().run(shell('exit 3'), { withinSeconds: 5, allowFailure: true })).toBe(3);
});

test('a missing command is a failure', async () => {
  await expect(children().run(shell('', { file: 'no-such-command' }), { withinSeconds: 5 })).rejects.toThrow(
    'exit code 127',
  );
});

test('a command that takes too long is ended with an error', async () => {
  const command = shell('echo started; sleep 30');
  await expect(children().run(command, { withinSeconds: 0.3 })).rejects.toThrow(/did not end within 0.3 s.*started/s);
});

test('the live processes are reported at each start and end', async () => {
  const reported: string[][] = [];
  const alive = new ChildProcesses('run-1', (list: readonly NamedProcess[]) =>
    reported.push(list.map(({ what }) => what)),
  );
  await alive.run(shell('true'), { withinSeconds: 5 });
  expect(reported).toEqual([['a script'], []]);
});

test('all processes are ended, and none can be started afterwards', async () => {
  const all = children();
  const running = [all.start(shell('sleep 30')), all.start(shell('sleep 30 & wait'))];
  await all.endAll();
  await Promise.all(running.map(({ ended }) => ended));
  expect(running.some(({ identity }) => isAlive(identity))).toBe(false);
  expect(() => all.start(shell('true'))).toThrow('the run is ending');
});
