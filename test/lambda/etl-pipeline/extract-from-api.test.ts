import { FakeApi, type ApiFault } from '../../../scenarios/etl-pipeline/fake-api';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { FakeS3 } from '../../fakes/fake-s3';
import { JsonService } from '../../fakes/json-service';
import { loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { s3Refusal } from '../../fakes/s3-responses';

class FakeSecretsManager extends JsonService {
  readonly serviceId = 'SECRETS_MANAGER';
  token = 'canary-token';
  protected readonly operationHandlers = { GetSecretValue: () => ({ SecretString: this.token }) };
}

const records = Array.from({ length: 7 }, (_, index) => `{"sku":"canary-${index}"}`);
let s3: FakeS3;
let secrets: FakeSecretsManager;
let api: FakeApi;
let output: CapturedOutput;
let extract: LoadedHandler<{ finished: boolean }>;

async function open(faults: Readonly<Record<number, ApiFault>> = {}, of = records): Promise<void> {
  api = new FakeApi({ records: of, pageSize: 2, token: 'canary-token', faults });
  extract = loadHandler('etl-pipeline/extract-from-api', {
    ...(await s3.listen()),
    ...(await secrets.listen()),
    API_URL: await api.listen(),
    API_SECRET_ARN: 'arn',
    API_PAGING: JSON.stringify({ style: 'cursor' }),
    API_REQUESTS_PER_SECOND: '1000',
    EXTRACT_EVERY_HOURS: '24',
    EXTRACT_PREFIX: 'incoming/things/',
    INCOMING_BUCKET_NAME: 'incoming',
    WORK_BUCKET_NAME: 'work',
    ROWS_TABLE_NAME: 'rows',
  });
}

const files = (): string[] => s3.keys('incoming', 'incoming/things/extract-').map((key) => s3.text('incoming', key)!);

beforeEach(() => {
  s3 = new FakeS3({ incoming: 'Enabled', work: 'Off' });
  secrets = new FakeSecretsManager();
  output = captureOutput();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([s3.close(), secrets.close(), api.close()]);
});

it('all pages become one file, once in a day', async () => {
  await open();
  expect(await extract({ 'detail-type': 'Scheduled Event' })).toEqual({ finished: true });
  expect(files()).toEqual([records.map((record) => `${record}\n`).join('')]);
  expect(output.text).toContain('"ExtractedFiles":1');
  expect(await extract({})).toEqual({ finished: true });
  expect(api.asked).toHaveLength(4);
  expect(await extract({ now: true })).toEqual({ finished: true });
  expect(files()).toHaveLength(2);
});

it('the first run needs s3:ListBucket: without it, the state that is not there yet is a 403', async () => {
  await open();
  s3.before = ({ operation, path }) =>
    operation === 'GetObject' && path.endsWith('extracts/state.json') ? s3Refusal('AccessDenied', 403) : undefined;
  await expect(extract({})).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(api.asked).toEqual([]);
});

it('an API that asks for an hour has it, and the run goes on at its page', async () => {
  await open({ 3: 'long wait' });
  expect(await extract({})).toEqual({ finished: false });
  expect(await extract({})).toEqual({ finished: false });
  expect(api.asked).toEqual(['', '1.2', '1.4']);
  expect(await extract({ now: true })).toEqual({ finished: true });
  expect(api.asked.slice(3)).toEqual(['1.4', '1.6']);
  expect(files()).toEqual([records.map((record) => `${record}\n`).join('')]);
});

it('a run that ended before its file was noted writes no second one', async () => {
  await open();
  s3.before = ({ operation, path, body }) =>
    operation === 'PutObject' && path.endsWith('state.json') && !body.toString().includes('"run"')
      ? { status: 400, body: '' }
      : undefined;
  await expect(extract({})).rejects.toThrow();
  s3.before = () => undefined;
  expect(await extract({})).toEqual({ finished: true });
  expect(files()).toHaveLength(1);
  expect(api.asked).toHaveLength(4);
});

it('of two invocations at once one goes on', async () => {
  await open();
  const results = await Promise.allSettled([extract({}), extract({})]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { name: 'SupersededError' } });
  expect(files()).toHaveLength(1);
});

it('a wrong token is an error, and the API is left alone for an hour', async () => {
  secrets.token = 'another-canary';
  await open();
  await expect(extract({})).rejects.toMatchObject({ name: 'ApiRefusedError' });
  expect(await extract({})).toEqual({ finished: true });
});

it('a page that is gone fails the run rather than being left out, and the next run begins anew', async () => {
  await open({ 3: 'long wait' });
  await extract({});
  const [page] = s3.keys('work', 'extracts/2');
  s3.bucket('work').delete(page!);
  await expect(extract({ now: true })).rejects.toMatchObject({ name: 'AccountingError' });
  expect(files()).toEqual([]);
  expect(await extract({ now: true })).toEqual({ finished: true });
  expect(files()).toHaveLength(1);
});

it('an API without records has no file', async () => {
  await open({}, []);
  expect(await extract({})).toEqual({ finished: true });
  expect(files()).toEqual([]);
});

it('neither token nor record nor cursor is logged', async () => {
  await open({ 2: 'long wait' });
  await extract({});
  await extract({ now: true });
  expect(output.text).toContain('pages extracted');
  expect(output.text).not.toMatch(/canary|"1\.\d/);
});
