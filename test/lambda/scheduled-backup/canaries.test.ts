import { SFNClient } from '@aws-sdk/client-sfn';
import { FakeS3, s3Error } from './fake-s3';
import { contextWith, loadHandler, useFakeS3, type Handler } from './load-handler';

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

let handlers: Record<string, Handler>;
let s3: FakeS3;
let lines: string;

beforeAll(() => {
  const files = ['begin-backup', 'copy-objects', 'write-manifest', 'verify-copies', 'complete-backup', 'prune-backups'];
  const restoring = ['begin-restore', 'restore-objects', 'report-restore'];
  const credentials = { AWS_SECRET_ACCESS_KEY: credential!, AWS_SESSION_TOKEN: credential! };
  handlers = Object.fromEntries([...files, ...restoring].map((file) => [file, loadHandler(file, credentials)]));
});

beforeEach(() => {
  s3 = new FakeS3();
  for (const key of [...sound, refused, damaged]) {
    s3.put('source', key, {
      body: `${card} ${mail}`,
      metadata: { token: token!, owner: name! },
      tags: { secret: secret! },
      contentType: header!,
    });
  }
  lines = '';
  const write = (text: string | Uint8Array): boolean => {
    lines += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(write);
  jest.spyOn(process.stderr, 'write').mockImplementation(write);
  useFakeS3(s3);
  jest.spyOn(SFNClient.prototype, 'send').mockImplementation((() => Promise.resolve({ status: 'SUCCEEDED' })) as never);
});
afterEach(() => jest.restoreAllMocks());

/** Runs a step as Lambda does: the runtime logs an error that it throws. */
async function step(file: string, event: unknown): Promise<Run> {
  try {
    return (await handlers[file]!(
      event,
      contextWith(() => 60_000),
    )) as Run;
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

function logged(message: string): Record<string, unknown>[] {
  const all = lines.split('\n').filter((line) => line.startsWith('{'));
  return all.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['message'] === message);
}

it('logs of a failing backup and restore hold no content of objects, and keys only of failed objects', async () => {
  s3.before = (name, { Key }) => {
    if (name !== 'CopyObject' || !Key.endsWith(refused)) return;
    throw s3Error('InvalidArgument', 400, `the value ${token} of x-amz-meta-token for ${name} is invalid`);
  };
  const run = await backUp();
  s3.put('backup', `${day}/${damaged}`, { body: `${card} ${mail}.`, metadata: { owner: name! } });
  await verify(run);
  for (const key of sound) s3.remove('source', key);
  await restore();

  expect(logged('object failed')).toMatchObject([{ key: refused, errorName: 'InvalidArgument', statusCode: 400 }]);
  expect(logged('copy does not match')).toMatchObject([{ key: damaged, reason: 'other-checksum' }]);
  expect(logged('object not restored')).toMatchObject([{ key: damaged, reason: 'other-checksum' }]);
  expect(logged('backup ended')).toMatchObject([{ copied: 3, failed: 1, mismatched: 1 }]);
  expect(logged('restore ended')).toMatchObject([{ restored: 2, failed: 1 }]);
  for (const canary of [...canaries, ...sound]) expect(lines).not.toContain(canary);
});

it('logs of a complete backup and restore hold no key', async () => {
  await verify(await backUp());
  for (const key of s3.keys('source')) s3.remove('source', key);
  await restore();
  expect(logged('restore ended')).toMatchObject([{ restored: 4, failed: 0 }]);
  expect(s3.body('source', damaged)).toBe(`${card} ${mail}`);
  for (const key of [...sound, refused, damaged, ...canaries]) expect(lines).not.toContain(key);
});

it.each(['copy-objects', 'write-manifest', 'verify-copies', 'complete-backup', 'restore-objects', 'report-restore'])(
  '%s names the invalid fields of an event without their values',
  async (file) => {
    await step(file, { input: { Items: [{ key: sound[0], size: mail }] }, retries: token, restore: { run: name } });
    expect(lines).toContain('InvalidRequestError');
    for (const canary of [...canaries, ...sound]) expect(lines).not.toContain(canary);
  },
);
