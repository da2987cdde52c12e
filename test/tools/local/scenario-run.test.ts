import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcesses } from '../../../tools/local/child-processes';
import { connectionVariables } from '../../../tools/local/connection';
import { joinReports, runScenarios } from '../../../tools/local/scenario-run';
import { workspaceOf } from '../../../tools/local/workspace';

const connection = connectionVariables('https://127.0.0.1:1', '/cert');
const choice = { slugs: ['image-resize'], prove: false, only: [], seed: undefined };

/** A checkout whose scenario runner is the given code. */
function checkout(code: string) {
  const workspace = workspaceOf(mkdtempSync(join(tmpdir(), 'scenarios-')));
  symlinkSync(join(__dirname, '../../../node_modules'), join(workspace.root, 'node_modules'), 'dir');
  mkdirSync(join(workspace.root, 'tools', 'scenario-runner'), { recursive: true });
  writeFileSync(join(workspace.root, 'tools', 'scenario-runner', 'main.ts'), code);
  return { workspace, children: new ChildProcesses('scenario-test', () => undefined) };
}

const report = {
  target: 'x',
  startedAt: '2026-01-02T03:04:05.000Z',
  seconds: 1,
  seed: 1,
  passed: 1,
  failed: 0,
  skipped: 0,
  checks: [],
};
const imports = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';`;
const write = `
const file = process.argv[process.argv.indexOf('--report') + 1] ?? '';
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, ${JSON.stringify(JSON.stringify(report))});
`;
const writesReport = imports + write;

test('the runner is given outputs, endpoint and choice; its output is live and its report is read', async () => {
  const { workspace, children } = checkout(
    `${writesReport} console.log(process.argv.slice(2).join(' '), process.env.AWS_ENDPOINT_URL);`,
  );
  let heard = '';
  const options = { ...choice, prove: true, only: ['bombs'], seed: '7' };
  const result = await runScenarios(workspace, children, connection, options, (text) => (heard += text));
  expect(result).toEqual({ passed: true, report });
  expect(heard.trim()).toBe(
    `image-resize --outputs ${workspace.outputs} --report ${workspace.scenarioReport} --prove --only bombs --seed 7 https://127.0.0.1:1`,
  );
});

test('a failed check is a failed run with a report', async () => {
  const { workspace, children } = checkout(`${writesReport} process.exit(1);`);
  expect(await runScenarios(workspace, children, connection, choice, () => undefined)).toEqual({
    passed: false,
    report,
  });
});

test('a report of an earlier run is not taken for this one', async () => {
  const { workspace, children } = checkout('process.exit(1);');
  mkdirSync(join(workspace.scenarioReport, '..'), { recursive: true });
  writeFileSync(workspace.scenarioReport, JSON.stringify(report));
  const result = await runScenarios(workspace, children, connection, choice, () => undefined);
  expect(result).toEqual({ passed: false, report: undefined });
});

test('scenarios that take too long are ended, and what they still write is read', async () => {
  const { workspace, children } = checkout(`${imports}
    process.on('SIGTERM', () => setTimeout(() => { ${write} process.exit(1); }, 2_000));
    setInterval(() => undefined, 1_000);`);
  const result = await runScenarios(workspace, children, connection, choice, () => undefined, 2);
  expect([result.passed, result.report]).toEqual([false, report]);
  expect(result.failure?.message).toMatch(/^smoke tests did not end within 2 s/);
});

test('variants have a report of their own, and both rounds are told as one run', async () => {
  const { workspace, children } = checkout(`${writesReport} console.log(process.argv.slice(2).join(' '));`);
  let heard = '';
  const options = { ...choice, prove: true, variants: ['fifo', 'mysql'], faults: 'http://127.0.0.1:1/secret' };
  const result = await runScenarios(workspace, children, connection, options, (text) => (heard += text));
  expect(result.report).toEqual(report);
  expect(heard).toContain(
    `--report ${workspace.variantReport('fifo-mysql')} --prove --variant fifo --variant mysql --faults http`,
  );
  expect(joinReports(report, { ...report, passed: 0, skipped: 2 })).toMatchObject({
    passed: 1,
    skipped: 2,
    seconds: 2,
  });
});
