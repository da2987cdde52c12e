/** What one look at the machine found. */
export interface Finding {
  readonly what: string;
  /** `lacking` stops something that everyone runs; `optional` stops only what it says. */
  readonly status: 'good' | 'lacking' | 'optional';
  readonly found: string;
  /** What to do; nothing where all is good. */
  readonly fix?: string;
}

/** What is asked of the machine and of the account; tests answer for them. */
export interface Surroundings {
  readonly nodeVersion: string;
  readonly npmVersion: () => Promise<string | undefined>;
  /** The version of a usable Python; throws an error that says what to do. */
  readonly python: () => Promise<string>;
  readonly freeBytes: () => Promise<number>;
  /** Whether a file or folder of the checkout is there, by its path below the root. */
  readonly has: (path: string) => boolean;
  /** Whether the loopback interface gives a port. */
  readonly port: () => Promise<number>;
  readonly onPath: (command: string) => Promise<boolean>;
  /** Who the shell's credentials are of; undefined where there are none. */
  readonly identity: () => Promise<
    { readonly account: string; readonly arn: string; readonly region: string } | undefined
  >;
  /** Version of CDK's bootstrap stack; undefined where the account has none. */
  readonly bootstrapVersion: () => Promise<number | undefined>;
}

const oldestNode = [20, 19] as const;
const oldestNpm = 10;

/** The emulator, its wheels, the bundles and a run's logs take about 1.2 GB; the rest is room for pictures and copies. */
const neededGigabytes = 3;

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html: assets of file hashes as we have them need this. */
const oldestBootstrap = 6;

/** Looks at everything that the commands of the README need, one after the other. */
export async function examine(surroundings: Surroundings): Promise<Finding[]> {
  return [
    node(surroundings),
    await npm(surroundings),
    packages(surroundings),
    await python(surroundings),
    await disk(surroundings),
    await ports(surroundings),
    await mariadb(surroundings),
    await browser(surroundings),
    ...(await account(surroundings)),
  ];
}

function node({ nodeVersion }: Surroundings): Finding {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const isGood = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const finding = { what: 'Node.js', found: nodeVersion };
  if (isGood) return { ...finding, status: 'good' };
  return {
    ...finding,
    status: 'lacking',
    fix: `install Node.js ${oldestMajor}.${oldestMinor} or newer: https://nodejs.org`,
  };
}

async function npm({ npmVersion }: Surroundings): Promise<Finding> {
  const found = await npmVersion();
  const isGood = found !== undefined && Number(found.split('.')[0]) >= oldestNpm;
  if (isGood) return { what: 'npm', status: 'good', found };
  return { what: 'npm', status: 'lacking', found: found ?? 'none', fix: `npm install --global npm@${oldestNpm}` };
}

function packages({ has }: Surroundings): Finding {
  const what = 'packages';
  if (!has('node_modules/.package-lock.json'))
    return { what, status: 'lacking', found: 'not installed', fix: 'npm ci' };
  if (has('.native/image-resize')) return { what, status: 'good', found: 'installed, sharp for Lambda too' };
  const fix = 'npm ci, without --ignore-scripts: it installs sharp for the processors of Lambda';
  return { what, status: 'lacking', found: 'no sharp for Lambda', fix };
}

async function python({ python: version }: Surroundings): Promise<Finding> {
  try {
    return { what: 'Python', status: 'good', found: await version() };
  } catch (error) {
    return { what: 'Python', status: 'lacking', found: 'none', fix: messageOf(error) };
  }
}

async function disk({ freeBytes }: Surroundings): Promise<Finding> {
  const free = (await freeBytes()) / 1e9;
  const finding = { what: 'disk', found: `${free.toFixed(1)} GB free` };
  if (free >= neededGigabytes) return { ...finding, status: 'good' };
  return {
    ...finding,
    status: 'lacking',
    fix: `free ${neededGigabytes} GB: rm -rf .local cdk.out gives back what runs left`,
  };
}

async function ports({ port }: Surroundings): Promise<Finding> {
  try {
    return { what: 'ports', status: 'good', found: `127.0.0.1:${await port()} could be opened` };
  } catch (error) {
    const fix = `allow programs to listen on 127.0.0.1: ${messageOf(error)}`;
    return { what: 'ports', status: 'lacking', found: 'none on 127.0.0.1', fix };
  }
}

async function mariadb({ onPath }: Surroundings): Promise<Finding> {
  const what = 'MariaDB';
  if (await onPath('mariadbd')) return { what, status: 'good', found: 'mariadbd' };
  const fix = 'for database-access with engine mysql: apt install mariadb-server, or brew install mariadb';
  return { what, status: 'optional', found: 'none', fix };
}

async function browser({ onPath }: Surroundings): Promise<Finding> {
  const what = 'Browser';
  for (const found of ['chromium', 'google-chrome']) if (await onPath(found)) return { what, status: 'good', found };
  const fix = 'for npm run page: apt install chromium, or CHROME=<path of Chrome or Chromium>';
  return { what, status: 'optional', found: 'none on the path', fix };
}

async function account({ identity, bootstrapVersion }: Surroundings): Promise<Finding[]> {
  const who = await identity().catch((error: unknown) => messageOf(error));
  if (who === undefined || typeof who === 'string') {
    const fix = 'to deploy: aws sso login, or credentials in the shell, and a region';
    return [{ what: 'AWS account', status: 'optional', found: who ?? 'no credentials', fix }];
  }
  const { account: number, arn, region } = who;
  const here = `${number} in ${region}`;
  const known: Finding = { what: 'AWS account', status: 'good', found: `${here}, as ${arn}` };
  const version = await bootstrapVersion().catch(() => undefined);
  if (version !== undefined && version >= oldestBootstrap) {
    return [known, { what: 'CDK bootstrap', status: 'good', found: `version ${version}` }];
  }
  const found = version === undefined ? `not in ${here}` : `version ${version}, older than ${oldestBootstrap}`;
  return [known, { what: 'CDK bootstrap', status: 'optional', found, fix: 'to deploy: npx cdk bootstrap' }];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
