import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(__dirname, '../../..');

function scenarios(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'tools/scenario-runner/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

test('wrong usage is exit code 2 and one line with the fix', () => {
  const { status, stderr } = scenarios('--outputs', 'nowhere.json');
  expect([status, stderr]).toEqual([
    2,
    '--outputs nowhere.json: no such file: deploy with --outputs-file nowhere.json\n',
  ]);
});
