import { dryRunEffect, readOptions as read, redriveOperation } from '../../../operations/command-line/redrive';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedriveCommand } from '../../../operations/command-line/redrive-command';

const run = (): Promise<number> => Promise.resolve(0);
const plain: RedriveCommand = { slug: 'image-resize', stack: 'ImageResize', run };
const selecting: RedriveCommand = {
  ...{ slug: 'queue-processor', stack: 'QueueProcessor', run },
  reasons: ['malformed', 'payload-missing'],
};

test('every option has a default', () => {
  expect(read(plain, [])).toEqual({ dryRun: false, maximum: undefined, stage: 'sandbox', outputs: undefined });
});

test('options are read', () => {
  const args = ['--dry-run', '--max', '5', '--stage', 'prod', '--outputs', 'outputs.json'];
  expect(read(plain, args)).toMatchObject({ dryRun: true, maximum: 5, stage: 'prod', outputs: 'outputs.json' });
});

test('options that select dead letters are read', () => {
  const args = ['--older-than', '15m', '--reason', 'payload-missing', '--per-second', '5'];
  expect(read(selecting, args)).toMatchObject({ olderThanSeconds: 900, reason: 'payload-missing', perSecond: 5 });
});

test('every redrive has a rate limit', () => {
  expect(read(plain, ['--per-second', '5'])).toMatchObject({ perSecond: 5 });
});

test.each([
  ['90s', 90],
  ['2h', 7_200],
  ['3d', 259_200],
])('--older-than %s is %i seconds', (text, olderThanSeconds) => {
  expect(read(selecting, ['--older-than', text])).toMatchObject({ olderThanSeconds });
});

test('a dry run says what its receives do, before it begins and in the help', async () => {
  const lines: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const file = join(mkdtempSync(join(tmpdir(), 'outputs-')), 'outputs.json');
  writeFileSync(file, JSON.stringify({ ImageResize: {} }));
  const { run: redrive } = redriveOperation(plain);
  await redrive(['--help']);
  expect(lines.join()).toContain(dryRunEffect);
  lines.length = 0;
  await redrive(['--outputs', file, '--dry-run']);
  expect(lines).toContain(dryRunEffect);
  lines.length = 0;
  await redrive(['--outputs', file]);
  expect(lines).not.toContain(dryRunEffect);
});

test.each([
  [plain, ['more'], "received 'more': options begin with --"],
  [plain, ['--stage', 'qa'], "unknown --stage 'qa': use one of sandbox, prod"],
  [plain, ['--max', '0'], "--max '0': use a whole number of at least 1"],
  [plain, ['--max', 'all'], "--max 'all': use a whole number"],
  [plain, ['--force'], '--force'],
  [plain, ['--reason', 'malformed'], '--reason is not an option of image-resize: omit it'],
  [selecting, ['--reason', 'bad'], "unknown --reason 'bad': use one of malformed, payload-missing"],
  [selecting, ['--older-than', '15'], "--older-than '15': use a number and a unit, such as 90s"],
  [selecting, ['--per-second', '101'], "--per-second '101': use a whole number from 1 to 100"],
])('wrong usage is refused in one line', (command, args, message) => {
  expect(() => read(command, args)).toThrow(message);
});
