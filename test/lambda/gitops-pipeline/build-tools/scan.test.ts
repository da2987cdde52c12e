import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../../../..');
const program = join(root, 'lambda/gitops-pipeline/build-tools/scan/scan.mjs');
const oxlint = join(root, 'node_modules/.bin/oxlint');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Sarif {
  readonly version: string;
  readonly runs: {
    readonly results: { readonly ruleId: string; readonly suppressions?: object[]; readonly locations: object[] }[];
    readonly invocations: { readonly toolExecutionNotifications: { readonly message: { readonly text: string } }[] }[];
  }[];
}

/** Scans files; npm is a program that answers as given. */
function scan(
  files: Readonly<Record<string, string>>,
  { kind = 'source', accepted = [] as string[], npm = '{"message":"offline"}' } = {},
): { readonly printed: string; readonly sarif: Sarif } {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, 'source', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  mkdirSync(join(folder, 'bin'));
  const answer = `#!/bin/sh\ntest ! -f .npmrc && cat <<'END'\n${npm}\nEND\n`;
  writeFileSync(join(folder, 'bin/npm'), answer, { mode: 0o755 });
  const report = join(folder, 'report/findings.sarif');
  const { stdout, stderr } = spawnSync(process.execPath, [program, kind, join(folder, 'source'), report, oxlint], {
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, ACCEPTED_FINDINGS: JSON.stringify(accepted) },
  });
  if (stdout === '') throw new Error(stderr);
  return { printed: stdout, sarif: JSON.parse(readFileSync(report, 'utf8')) as Sarif };
}

const lockFile = (packages: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(Object.entries(packages).map(([key, version]) => [key, { version }])),
  });
const policy = (statement: object, Type = 'AWS::IAM::Policy'): string =>
  JSON.stringify({ Resources: { Wide: { Type, Properties: { PolicyDocument: { Statement: [statement] } } } } });
// Put together, so that no scan of this repository finds it.
const key = ['AKIA', 'Q7ZPLM3TRW5XKD2V'].join('');

it('names file and line of a secret, and never the secret', () => {
  const { printed, sarif } = scan({ 'src/keys.txt': `first\nkey = ${key}\n` });
  expect(printed).toBe('src/keys.txt:2: AWS access key');
  expect(JSON.stringify(sarif)).not.toContain(key);
  expect(sarif.runs[0]!.results[0]).toMatchObject({
    ruleId: 'secret/aws-access-key',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'src/keys.txt' }, region: { startLine: 2 } } }],
  });
});

it('names a dependency that an advisory of the snapshot is about', () => {
  const packages = {
    'node_modules/lodash': '4.17.20',
    'node_modules/a/node_modules/minimist': '1.2.5',
    'node_modules/semver': '6.3.1',
    'node_modules/json5': '2.2.2-beta.1',
    'node_modules/axios': '1.3.1',
    'node_modules/ws': '7.5.10',
    'node_modules/b/node_modules/ws': '8.17.0',
    'node_modules/yaml': '1.10.2',
    'node_modules/@babel/traverse': '8.0.0-alpha.3',
  };
  const { printed } = scan({ 'app/package-lock.json': lockFile(packages) });
  expect(printed.split('; ').map((one) => one.replace(/^.*:1: /, ''))).toEqual([
    'lodash 4.17.20: GHSA-35jh-r3h4-6jhm CVE-2021-23337',
    'minimist 1.2.5: GHSA-xvch-5gv4-984h CVE-2021-44906',
    'json5 2.2.2-beta.1: GHSA-9c47-m6qq-7p4h CVE-2022-46175',
    'ws 8.17.0: GHSA-3h5v-q93c-6h6q CVE-2024-37890',
    '@babel/traverse 8.0.0-alpha.3: GHSA-67hx-6x53-jw92 CVE-2023-45133',
  ]);
});

it('evaluates the events of a range in the order of their versions', () => {
  const versions = ['0.2.3', '0.2.4', '1.0.0', '1.2.6', '2.0.0', '2.1.0', '2.1.1'];
  const events = [
    ...[{ introduced: '2.0.0' }, { last_affected: '2.1.0' }, { introduced: '0' }, { fixed: '0.2.4' }],
    ...[{ introduced: '1.0.0' }, { fixed: '1.2.6' }],
  ];
  const advisories = [{ id: 'A', aliases: [], affected: [{ package: { name: 'p' }, ranges: [{ events }] }] }];
  const packages = Object.fromEntries(versions.map((version) => [`node_modules/${version}/node_modules/p`, version]));
  const code = `import { vulnerableIn } from '${join(dirname(program), 'dependencies.mjs')}';
    console.log(vulnerableIn(${JSON.stringify(lockFile(packages))}, ${JSON.stringify(advisories)}).map(({ message }) => message).join());`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('p 0.2.3: A,p 1.0.0: A,p 2.0.0: A,p 2.1.0: A');
});

it('asks the registry apart from the settings of the commit, and says if it does not answer', () => {
  const url = 'https://github.com/advisories/GHSA-xxxx-xxxx-xxxx';
  const via = ['other', { name: 'left', range: '<2', url, severity: 'high' }, { severity: 'low' }];
  const files = { 'package-lock.json': lockFile({}), 'package.json': '{}', '.npmrc': 'registry=http://evil' };
  const answered = scan(files, { npm: JSON.stringify({ vulnerabilities: { left: { via } } }) });
  expect(answered.printed).toBe('package-lock.json:1: left <2: GHSA-xxxx-xxxx-xxxx');
  rmSync(join(folder, 'bin'), { recursive: true });
  const { printed, sarif } = scan({});
  expect(printed).toBe('none');
  const notes = sarif.runs[0]!.invocations[0]!.toolExecutionNotifications.map(({ message }) => message.text);
  expect(notes).toEqual([expect.stringMatching(/^advisories as of 20\d\d-/), 'live audit: offline']);
});

it('names dangerous code, whatever comments and configuration of the commit say', () => {
  const files = {
    'a.ts': '/* eslint-disable */\nexport const run = (text: string): unknown => eval(text); // oxlint-disable-line\n',
    'b.mjs': "import { exec } from 'node:child_process';\nexec(process.argv[2]);\n",
    '.oxlintrc.json': '{ "rules": { "no-eval": "off" } }',
    '.eslintignore': '*',
  };
  const { sarif } = scan(files);
  expect(sarif.runs[0]!.results.map(({ ruleId }) => ruleId).sort()).toEqual([
    'code/no-eval',
    'code/no-restricted-imports',
  ]);
});

it.each([
  ['all actions of a service', { Action: ['s3:GetObject', 's3:*'], Resource: 'arn' }, 'a wildcard permission: s3:*'],
  ['everything', { Action: '*', Resource: '*' }, 'a wildcard permission: *'],
  [
    'passing on any role',
    { Action: 'iam:PassRole', Resource: ['*'] },
    'a wildcard permission: iam:PassRole on all resources',
  ],
  ['all but some actions', { NotAction: 'iam:*', Resource: '*' }, 'a permission for all but what it names'],
  ['everybody', { Action: 's3:GetObject', Principal: { AWS: '*' } }, 'a permission for everybody'],
])('names the resource of a template that allows %s', (_, statement, problem) => {
  const text = policy({ Effect: 'Allow', ...statement });
  expect(scan({ 'a/b.template.json': text }, { kind: 'assembly' }).printed).toBe(
    `a/b.template.json:1: Wide: ${problem}`,
  );
});

it.each([
  ['refusals for everybody', { Effect: 'Deny', Action: '*', Principal: '*' }],
  ['keys that the account administers', { Effect: 'Allow', Action: 'kms:*', Principal: { AWS: 'arn:root' } }],
  ['everybody under a condition', { Effect: 'Allow', Action: 'a:B', Principal: '*', Condition: { Bool: {} } }],
  ['actions that know no resources', { Effect: 'Allow', Action: 'xray:PutTraceSegments', Resource: '*' }],
])('accepts in templates %s', (_, statement) => {
  expect(scan({ 'a.template.json': policy(statement) }, { kind: 'assembly' }).printed).toBe('none');
});

it('names functions that anybody may call', () => {
  const Resources = {
    Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } },
    Open: { Type: 'AWS::Lambda::Permission', Properties: { Principal: '*' } },
    Rule: { Type: 'AWS::Lambda::Permission', Properties: { Principal: 'events.amazonaws.com' } },
  };
  const { printed } = scan({ 'a.template.json': JSON.stringify({ Resources }) }, { kind: 'assembly' });
  expect(printed.match(/\w+: a permission/g)).toEqual(['Url: a permission', 'Open: a permission']);
});

it('reports accepted findings as suppressed, for a rule or for a rule in one file', () => {
  const files = { 'a.js': 'eval(name);\n', 'b.js': 'eval(name);\n', 'keys.txt': key };
  const { printed, sarif } = scan(files, { accepted: ['code/no-eval@a.js', 'secret/aws-access-key'] });
  expect(printed).toMatch(/^b\.js:1: /);
  expect(sarif.runs[0]!.results.filter(({ suppressions }) => suppressions !== undefined)).toHaveLength(2);
});

it('finds in files that cannot be read as what their names say that nobody knows what is in them', () => {
  const { printed } = scan({ 'package-lock.json': '{', 'x.template.json': 'Resources:' });
  expect(printed.match(/[\w.-]+:1: cannot be read/g)).toEqual([
    'package-lock.json:1: cannot be read',
    'x.template.json:1: cannot be read',
  ]);
});

it('names of files are plain in what it prints, and links are not followed', () => {
  const hostile = '$(reboot)\n; rm -rf';
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'outside.txt'), key);
  symlinkSync(join(folder, 'outside.txt'), join(folder, 'source/link.txt'));
  expect(scan({ [`${hostile}.txt`]: key }).printed).toBe('??reboot????rm?-rf.txt:1: AWS access key');
});
