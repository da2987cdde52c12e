import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine, type Machine } from '../../../tools/doctor/checks.mjs';
import { root } from '../../synthesis';

const healthy: Machine = {
  nodeVersion: '24.9.0',
  npmVersion: () => Promise.resolve('11.6.0'),
  pythonVersion: () => Promise.resolve('3.12.4'),
  freeBytes: () => Promise.resolve(50e9),
  has: () => true,
  openPort: () => Promise.resolve(41_234),
  onPath: () => Promise.resolve(true),
  identity: () =>
    Promise.resolve({ account: '111111111111', arn: 'arn:aws:iam::111111111111:user/me', region: 'eu-west-1' }),
  bootstrapVersion: () => Promise.resolve(28),
  hasGatewayLogRole: () => Promise.resolve(true),
};
const problems = async (more: Partial<Machine>) =>
  (await examine({ ...healthy, ...more }))
    .filter(({ isGood }) => !isGood)
    .map(({ what, isOptional, found, fix, commands }) => {
      const kind = isOptional ? 'optional' : 'missing';
      return `${what} ${kind}: ${found}: ${fix ?? 'no fix'} (${commands.join(', ')})`;
    });

it('finds no problem on a machine that has everything', async () => {
  expect(await problems({})).toEqual([]);
});

const fail = (message: string) => () => Promise.reject(new Error(message));
const only = (wanted: string) => (command: string) => Promise.resolve(command === wanted);

it.each<[string, Partial<Machine>, RegExp]>([
  ['an old Node.js', { nodeVersion: '20.18.1' }, /^Node.js missing: 20.18.1: install Node.js 20.19/],
  ['an old npm', { npmVersion: () => Promise.resolve('9.1.0') }, /^npm missing: 9.1.0: npm install --global/],
  ['no npm', { npmVersion: () => Promise.resolve(undefined) }, /^npm missing: not found/],
  ['no packages', { has: () => false }, /^packages missing: not installed: npm ci \(/],
  [
    'no sharp for Lambda',
    { has: (path) => !path.startsWith('.native') },
    /^packages missing: no sharp .*ignore-scripts/,
  ],
  [
    'no Python',
    { pythonVersion: () => Promise.resolve(undefined) },
    /^Python missing: not found: .*3\.10.*npm run local/,
  ],
  ['a full disk', { freeBytes: () => Promise.resolve(1e9) }, /^disk missing: 1.0 GB free: free 3 GB/],
  ['no port', { openPort: fail('EPERM') }, /^ports missing: EPERM: allow programs/],
  ['no browser', { onPath: only('mariadbd') }, /^browser optional: not found: .*npm run page/],
  ['no MariaDB', { onPath: only('chromium') }, /^MariaDB optional: not found: .*engine mysql/],
  [
    'no credentials',
    { identity: () => Promise.resolve('no credentials') },
    /^AWS account optional: no credentials: aws sso/,
  ],
  ['expired credentials', { identity: fail('ExpiredToken: expired') }, /^AWS account optional: ExpiredToken/],
  ['no bootstrap', { bootstrapVersion: fail('no stack') }, /^CDK bootstrap optional: not in 111111111111 in eu-west-1/],
  [
    'no role for access logs',
    { hasGatewayLogRole: () => Promise.resolve(false) },
    /^role of API Gateway for logs optional: not in 111111111111 in eu-west-1: aws apigateway update-account.*accessLogs/,
  ],
  ['an old bootstrap', { bootstrapVersion: () => Promise.resolve(4) }, /^CDK bootstrap optional: version 4: npx cdk/],
])('finds %s, with the fix and the commands that need it', async (_, more, expected) => {
  const found = await problems(more);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(expected);
});

it('runs in a checkout without packages', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'doctor-'));
  cpSync(join(root, 'tools', 'doctor'), join(checkout, 'tools', 'doctor'), { recursive: true });
  const run = (...args: string[]): string => {
    const options = {
      encoding: 'utf8' as const,
      stdio: 'pipe' as const,
      env: { ...process.env, AWS_ACCESS_KEY_ID: 'test' },
    };
    try {
      return execFileSync(process.execPath, [join(checkout, 'tools', 'doctor', 'main.mjs'), ...args], options);
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return `${stdout}exit ${status}`;
    }
  };
  expect(run()).toMatch(/✗ packages +not installed: npm ci .*\n[^]*not checked before npm ci[^]*exit 1$/);
  expect(run('--fix')).toBe('exit 2');
});
