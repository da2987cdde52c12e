import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuildProcess, type ProcessResult } from '../../../../tools/local/builder/build-process';
import { parseBuildspec } from '../../../../tools/local/builder/buildspec';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'build-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const spec = (build: readonly string[], more: object = {}): string =>
  JSON.stringify({ version: 0.2, phases: { build: { commands: build } }, ...more });

function run(text: string, environment: Record<string, string> = {}): Promise<ProcessResult> {
  const place = { folder, source: folder, log: join(folder, 'log') };
  return runBuildProcess(parseBuildspec(text), place, { PATH: process.env['PATH'] ?? '', ...environment }).ended;
}

it.each([
  ['another version', spec([], { version: 0.1 })],
  ['a key of the top', spec([], { cache: {} })],
  ['a phase', JSON.stringify({ version: 0.2, phases: { build: { commands: [] }, pre_build: { commands: [] } } })],
  ['a key of a phase', JSON.stringify({ version: 0.2, phases: { build: { commands: [], finally: [] } } })],
  ['a key of the environment', spec([], { env: { 'parameter-store': {} } })],
])('%s that the builder does not know is refused', (_, text) => {
  expect(() => parseBuildspec(text)).toThrow('the local builder does not run this buildspec');
});

it('commands share a shell, and variables are exported at the end', async () => {
  const text = spec(['A=1', 'export FOUND="$A $NAME"'], { env: { 'exported-variables': ['FOUND', 'MISSING'] } });
  const { passed, exported } = await run(text, { NAME: '$(reboot) `id` "quoted"' });
  expect(passed).toBe(true);
  expect(exported).toEqual([
    { name: 'FOUND', value: '1 $(reboot) `id` "quoted"' },
    { name: 'MISSING', value: '' },
  ]);
});

it('the first command that fails ends the phase, and is named', async () => {
  const { passed, phase, message } = await run(spec(['true', 'exit 3', 'touch reached']));
  expect({ passed, phase, message }).toEqual({
    passed: false,
    phase: 'BUILD',
    message: 'Error while executing command: exit 3. Reason: exit status 3',
  });
  expect(() => readFileSync(join(folder, 'reached'))).toThrow('ENOENT');
});

it('a build sees its own variables, and none of this process', async () => {
  writeFileSync(join(folder, 'source'), '');
  process.env['LEAKED'] = 'yes';
  const { exported } = await run(spec(['export SEEN="$LEAKED-$GIVEN"'], { env: { 'exported-variables': ['SEEN'] } }), {
    GIVEN: 'given',
  });
  Reflect.deleteProperty(process.env, 'LEAKED');
  expect(exported).toEqual([{ name: 'SEEN', value: '-given' }]);
});

it('a build that is killed has failed, with all that it has started', async () => {
  const place = { folder, source: folder, log: join(folder, 'log') };
  const text = spec(['sleep 60 & sleep 60']);
  const running = runBuildProcess(parseBuildspec(text), place, { PATH: process.env['PATH'] ?? '' });
  while (!running.runs('sleep 60')) await new Promise((resolve) => setTimeout(resolve, 20));
  running.kill();
  expect((await running.ended).passed).toBe(false);
  expect(running.runs('sleep 60')).toBe(false);
});
