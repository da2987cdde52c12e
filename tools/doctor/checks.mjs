// Runs before npm ci: no dependencies, and no syntax that Node.js 18 does not know.

const oldestNode = [20, 19];
const oldestNpm = 10;

/** The emulator, its wheels, the bundles and a run's logs take about 1.2 GB; the rest is room for pictures and copies. */
const neededGigabytes = 3;

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html: file assets need this version. */
const oldestBootstrap = 6;

const browsers = [
  'chromium',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const everyCommand = ['npm ci'];
const localRuns = ['npm run local', 'npm run prove', 'npm run permissions'];
const deployments = ['npm run account', 'npx cdk deploy', 'npm run scenarios', 'npm run ops'];

/**
 * Checks everything that the commands of the README need, one after the other.
 *
 * @param {import('./checks.d.mts').Machine} machine
 */
export async function examine(machine) {
  return [
    node(machine),
    await npm(machine),
    packages(machine),
    await python(machine),
    await disk(machine),
    await port(machine),
    await program(machine, 'MariaDB', ['mariadbd'], {
      commands: ['npm run prove (database-access with engine mysql)'],
      fix: 'apt install mariadb-server, or brew install mariadb',
    }),
    await program(machine, 'browser', browsers, {
      commands: ['npm run page'],
      fix: 'apt install chromium, or set CHROME to the path of Chrome or Chromium',
    }),
    ...(await account(machine)),
  ];
}

function node({ nodeVersion }) {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const isNewEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const fix = `install Node.js ${oldestNode.join('.')} or newer: https://nodejs.org`;
  return finding('Node.js', isNewEnough, nodeVersion, fix, everyCommand);
}

async function npm({ npmVersion }) {
  const found = await npmVersion();
  const isNewEnough = found !== undefined && Number(found.split('.')[0]) >= oldestNpm;
  return finding('npm', isNewEnough, found ?? 'not found', `npm install --global npm@${oldestNpm}`, everyCommand);
}

function packages({ has }) {
  const commands = ['every npm script but doctor'];
  if (!has('node_modules/.package-lock.json')) return finding('packages', false, 'not installed', 'npm ci', commands);
  const fix = 'npm ci without --ignore-scripts: it installs sharp for the processors of Lambda';
  const isThere = has('.native/image-resize');
  return finding(
    'packages',
    isThere,
    isThere ? 'installed, with sharp for Lambda' : 'no sharp for Lambda',
    fix,
    commands,
  );
}

async function python({ pythonVersion }) {
  const version = await pythonVersion();
  const fix =
    'install Python 3.10 or newer with venv (apt install python3 python3-venv, or brew install python), or set PYTHON to its command';
  return finding('Python', version !== undefined, version ?? 'not found', fix, localRuns);
}

async function disk({ freeBytes }) {
  const free = (await freeBytes()) / 1e9;
  const fix = `free ${neededGigabytes} GB: rm -rf .local cdk.out removes what earlier runs left`;
  return finding('disk', free >= neededGigabytes, `${free.toFixed(1)} GB free`, fix, localRuns);
}

async function port({ openPort }) {
  try {
    return finding('ports', true, `opened 127.0.0.1:${await openPort()}`, '', localRuns);
  } catch (error) {
    return finding('ports', false, messageOf(error), 'allow programs to listen on 127.0.0.1', localRuns);
  }
}

async function program({ onPath }, what, names, { commands, fix }) {
  for (const name of names) if (await onPath(name)) return finding(what, true, name, fix, commands);
  return { ...finding(what, false, 'not found', fix, commands), isOptional: true };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
async function gatewayLogs(hasGatewayLogRole, { account, region }) {
  const fix =
    'aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=<role-arn>: ' +
    'a role that API Gateway may assume, with AmazonAPIGatewayPushToCloudWatchLogs';
  const commands = ['npx cdk deploy RestApi with accessLogs'];
  const has = await hasGatewayLogRole().catch(() => false);
  const found = has ? 'set' : `not in ${account} in ${region}`;
  return { ...finding('role of API Gateway for logs', has, found, fix, commands), isOptional: true };
}

async function account({ identity, bootstrapVersion, hasGatewayLogRole }) {
  const optional = (what, isGood, found, fix) => ({
    ...finding(what, isGood, found, fix, deployments),
    isOptional: true,
  });
  const fix = 'aws sso login, or credentials in the shell, and a region';
  let who;
  try {
    who = await identity();
  } catch (error) {
    return [optional('AWS account', false, messageOf(error), fix)];
  }
  if (typeof who === 'string') return [optional('AWS account', false, who, fix)];
  const place = `${who.account} in ${who.region}`;
  const version = await bootstrapVersion().catch(() => undefined);
  const found = version === undefined ? `not in ${place}` : `version ${version}`;
  return [
    optional('AWS account', true, `${place}, as ${who.arn}`, fix),
    optional('CDK bootstrap', version !== undefined && version >= oldestBootstrap, found, 'npx cdk bootstrap'),
    await gatewayLogs(hasGatewayLogRole, who),
  ];
}

function finding(what, isGood, found, fix, commands) {
  return { what, isGood, isOptional: false, found, ...(isGood ? {} : { fix }), commands };
}

function messageOf(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
