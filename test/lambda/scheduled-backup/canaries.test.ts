import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { lambdaContext, loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { BackupS3, environment } from './backup-s3';

type Run = Readonly<Record<string, unknown>>;

const day = '2026-11-21';
const canaries = [
  '4111111111111111',
  'jane@example.com',
  'tok_canary',
  'Jane Doe',
  'AKIACANARY',
  'canary-header',
  'canary-credential',
];
const [card, mail, token, name, secret, header, credential] = canaries;
/** Keys are personal data too: only those of failed or damaged objects are logged. */
const sound = ['quiet/jane-doe-1', 'quiet/jane-doe-2'];
const refused = 'trouble/refused';
const damaged = 'trouble/damaged';

const steps = ['begin-backup', 'copy-objects', 'write-manifest', 'verify-copies', 'complete-backup', 'prune-backups'];
const restoreSteps = ['begin-restore', 'restore-objects', 'report-restore'];

let handlers: Map<string, LoadedHandler<Run>>;
let s3: BackupS3;
let output: CapturedOutput;

beforeAll(async () => {
  s3 = new BackupS3();
  const credentials = { AWS_SECRET_ACCESS_KEY: credential!, AWS_SESSION_TOKEN: credential! };
  // Nothing listens there: no other run holds the lock, so that no handler asks Step Functions.
  const stepFunctions = { AWS_ENDPOINT_URL_SFN: 'http://127.0.0.1:9' };
  const variables = { ...environment, ...credentials, ...stepFunctions, ...(await s3.listen()) };
  handlers = new Map(
    [...steps, ...restoreSteps].map((file) => [file, loadHandler<Run>(`scheduled-backup/${file}`, variables)]),
  );
});
afterAll(() => s3.close());

beforeEach(() => {
  s3.intercept(() => undefined);
  for (const bucket of ['source', 'backup', 'journal']) {
    for (const { key } of s3.bucket(bucket).all) s3.remove(bucket, key);
  }
  for (const key of [...sound, refused, damaged]) {
    s3.put('source', key, {
      body: `${card} ${mail}`,
      metadata: { token: token!, owner: name! },
      tags: { secret: secret! },
      headers: { 'content-type': header! },
    });
  }
  output = captureOutput();
});
afterEach(() => jest.restoreAllMocks());

/** Runs a step as Lambda does: the runtime logs an error that it throws. */
async function step(file: string, event: unknown): Promise<Run> {
  try {
    return await handlers.get(file)!(event, lambdaContext(60_000));
  } catch (error) {
    const { name: errorType, message, stack } = error as Error;
    process.stdout.write(`${JSON.stringify({ errorType, errorMessage: message, stack })}\n`);
    return {};
  }
}

const execution = (id: string) => ({ id: `arn:${id}`, name: id, startedAt: `${day}T00:00:01Z` });

async function backUp(): Promise<Run> {
  const run = await step('begin-backup', {
    request: { scheduledTime: `${day}T00:00:00Z` },
    execution: execution('backup-1'),
  });
  const items = s3.keys('source').map((key) => ({ ...run, key, size: 1 }));
  await step('copy-objects', { input: { Items: items }, retries: 0 });
  const written = await step('write-manifest', run);
  return written;
}

async function verify(run: Run): Promise<void> {
  for (const part of s3.keys('backup', String(run['partsPrefix']))) await step('verify-copies', { ...run, part });
  await step('complete-backup', run);
  await step('prune-backups', { day });
}

async function restore(): Promise<void> {
  const run = await step('begin-restore', { request: { day }, execution: execution('restore-1') });
  for (const part of s3.keys('backup', String(run['partsPrefix'])))
    await step('restore-objects', { restore: run, part });
  await step('report-restore', run);
}

it('logs of a failing backup and restore hold no content of objects, and keys only of failed objects', async () => {
  const quoted = `<Error><Code>InvalidArgument</Code><Message>${token} for ${name} is invalid</Message></Error>`;
  s3.intercept((operation, key) =>
    operation === 'CopyObject' && key.endsWith(refused) ? { status: 400, body: quoted } : undefined,
  );
  const run = await backUp();
  s3.put('backup', `${day}/${damaged}`, { body: `${card} ${mail}.`, metadata: { owner: name! } });
  await verify(run);
  for (const key of sound) s3.remove('source', key);
  await restore();

  expect(output.lines('object failed')).toMatchObject([
    { key: refused, errorName: 'InvalidArgument', statusCode: 400 },
  ]);
  expect(output.lines('copy does not match')).toMatchObject([{ key: damaged, reason: 'other-checksum' }]);
  expect(output.lines('object not restored')).toMatchObject([
    { key: refused, reason: 'not backed up (InvalidArgument)' },
  ]);
  expect(output.lines('backup ended')).toMatchObject([{ copied: 3, failed: 1, mismatched: 1 }]);
  expect(output.lines('restore ended')).toMatchObject([{ restored: 2, identical: 1, failed: 0, notBackedUp: 1 }]);
  for (const canary of [...canaries, ...sound]) expect(output.text).not.toContain(canary);
});

it('logs of a complete backup and restore hold no key', async () => {
  await verify(await backUp());
  for (const key of s3.keys('source')) s3.remove('source', key);
  await restore();
  expect(output.lines('restore ended')).toMatchObject([{ restored: 4, failed: 0 }]);
  expect(s3.text('source', damaged)).toBe(`${card} ${mail}`);
  for (const key of [...sound, refused, damaged, ...canaries]) expect(output.text).not.toContain(key);
});

it.each(['copy-objects', 'write-manifest', 'verify-copies', 'complete-backup', 'restore-objects', 'report-restore'])(
  '%s names the invalid fields of an event without their values',
  async (file) => {
    await step(file, { input: { Items: [{ key: sound[0], size: mail }] }, retries: token, restore: { run: name } });
    expect(output.text).toContain('InvalidRequestError');
    for (const canary of [...canaries, ...sound]) expect(output.text).not.toContain(canary);
  },
);
