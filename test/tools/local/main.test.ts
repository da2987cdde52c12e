import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

function main(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/local/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('wrong usage is one line and exit code 2', () => {
  const { status, stderr, stdout } = main('no-such-architecture');
  expect([status, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1]);
});
