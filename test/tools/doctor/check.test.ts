import { examine, type Surroundings } from '../../../tools/doctor/check';

const healthy: Surroundings = {
  nodeVersion: '24.9.0',
  npmVersion: () => Promise.resolve('11.6.0'),
  python: () => Promise.resolve('3.12.4'),
  freeBytes: () => Promise.resolve(50e9),
  has: () => true,
  port: () => Promise.resolve(41_234),
  onPath: () => Promise.resolve(true),
  identity: () =>
    Promise.resolve({ account: '111111111111', arn: 'arn:aws:iam::111111111111:user/me', region: 'eu-west-1' }),
  bootstrapVersion: () => Promise.resolve(28),
};
const lines = async (more: Partial<Surroundings>) =>
  (await examine({ ...healthy, ...more }))
    .filter(({ status }) => status !== 'good')
    .map(({ what, status, found, fix }) => `${what} ${status}: ${found}: ${fix ?? 'no fix'}`);

it('a machine that has everything lacks nothing', async () => {
  expect(await lines({})).toEqual([]);
});

const fail = (message: string) => () => Promise.reject(new Error(message));

it.each<[string, Partial<Surroundings>, RegExp]>([
  ['Node.js that is too old', { nodeVersion: '20.18.1' }, /^Node.js lacking: 20.18.1: install Node.js 20.19/],
  ['an old npm', { npmVersion: () => Promise.resolve('9.1.0') }, /^npm lacking: 9.1.0: npm install --global/],
  ['no npm', { npmVersion: () => Promise.resolve(undefined) }, /^npm lacking: none/],
  ['no packages', { has: () => false }, /^packages lacking: not installed: npm ci$/],
  [
    'no sharp for Lambda',
    { has: (path) => !path.startsWith('.native') },
    /^packages lacking: no sharp .*ignore-scripts/,
  ],
  ['no Python', { python: fail('Python 3.10 or newer is needed') }, /^Python lacking: none: Python 3.10/],
  ['a full disk', { freeBytes: () => Promise.resolve(1e9) }, /^disk lacking: 1.0 GB free: free 3 GB/],
  ['no port', { port: fail('EPERM') }, /^ports lacking: none on 127.0.0.1: .*EPERM/],
  [
    'no browser',
    { onPath: (command) => Promise.resolve(command === 'mariadbd') },
    /^Browser optional: none .*npm run page/,
  ],
  [
    'no MariaDB',
    { onPath: (command) => Promise.resolve(command !== 'mariadbd') },
    /^MariaDB optional: none: for database-access/,
  ],
  [
    'no credentials',
    { identity: () => Promise.resolve(undefined) },
    /^AWS account optional: no credentials: to deploy/,
  ],
  ['expired credentials', { identity: fail('ExpiredToken: it is over') }, /^AWS account optional: ExpiredToken/],
  ['no bootstrap', { bootstrapVersion: fail('no stack') }, /^CDK bootstrap optional: not in 111111111111 in eu-west-1/],
  ['an old bootstrap', { bootstrapVersion: () => Promise.resolve(4) }, /^CDK bootstrap optional: version 4, older/],
])('%s is found, with its fix', async (_, more, expected) => {
  const found = await lines(more);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(expected);
});
