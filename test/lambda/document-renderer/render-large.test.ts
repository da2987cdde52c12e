import { captureOutput } from '../../fakes/captured-output';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';
import { JsonService } from '../../fakes/json-service';

/** Step Functions with one token that is awaited. */
class FakeStates extends JsonService {
  readonly serviceId = 'SFN';
  readonly reports: Record<string, unknown>[] = [];
  readonly #report = (input: Record<string, unknown>): object => {
    this.reports.push(input);
    return {};
  };
  protected readonly operationHandlers = {
    SendTaskHeartbeat: () => ({}),
    SendTaskSuccess: this.#report,
    SendTaskFailure: this.#report,
  };
}

const states = new FakeStates();
const s3 = new FakeS3({ input: 'Enabled', documents: 'Enabled' });
const dynamodb = new FakeDynamoDB({ Renders: { partitionKey: 'renderHash' } });
const services = [states, s3, dynamodb];
let renderLarge: () => Promise<void>;

beforeAll(async () => {
  const endpoints = await Promise.all(services.map((service) => service.listen()));
  Object.assign(process.env, ...endpoints, {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ INPUT_BUCKET_NAME: 'input', DOCUMENTS_BUCKET_NAME: 'documents', RENDERS_TABLE_NAME: 'Renders' },
    ...{ EVENT_BUS_NAME: 'bus', CHROMIUM_FOLDER: '/nowhere', ENGINE_VERSION: '1' },
    ...{ MAXIMUM_PAGES: '5', MAXIMUM_BYTES: '10000', MAXIMUM_DATA_BYTES: '10000', RENDER_SECONDS: '60' },
    ...{ BROWSER_MEGABYTES: '1000' },
    ...{ KEPT_SECONDS: '1000', TASK_TOKEN: 'token', EXECUTION_NAME: 'one', HEARTBEAT_SECONDS: '60' },
    REQUEST_KEY: 'requests/one.json',
  });
  jest.isolateModules(() => {
    ({ renderLarge } = jest.requireActual<{ renderLarge: () => Promise<void> }>(
      '../../../lambda/document-renderer/render-large',
    ));
  });
});
afterAll(() => Promise.all(services.map((service) => service.close())));

const signals = process.listeners('SIGTERM');
let exit: jest.SpyInstance;
beforeEach(() => {
  captureOutput();
  exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  states.reports.length = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const one of process.listeners('SIGTERM')) if (!signals.includes(one)) process.off('SIGTERM', one);
});

it('a task that is asked to stop in the middle of its work reports it and ends', async () => {
  s3.put(
    'input',
    'requests/one.json',
    JSON.stringify({ requestId: 'one', template: 'invoice', version: 1, dataKey: 'data/1' }),
  );
  // It reads its data for ever.
  s3.before = ({ path }) => {
    if (!path.includes('data/1')) return undefined;
    process.emit('SIGTERM');
    return new Promise(() => undefined);
  };
  await renderLarge();
  expect(states.reports).toEqual([
    { taskToken: 'token', error: 'TaskInterruptedError', cause: 'the task was asked to stop' },
  ]);
  expect(exit).toHaveBeenCalledWith(0);
});

it('a request that is malformed is reported as what no further task renders', async () => {
  s3.before = () => undefined;
  s3.put('input', 'requests/one.json', '{');
  await renderLarge();
  expect(states.reports).toMatchObject([
    { error: 'RenderRefusedError', cause: expect.stringMatching(/^malformed: /) as string },
  ]);
});
