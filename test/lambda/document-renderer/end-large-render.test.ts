import { FakeS3 } from '../../fakes/fake-s3';
import { FakeSQS } from '../../fakes/fake-sqs';
import { JsonService, jsonRefusal, Refusal } from '../../fakes/json-service';
import { loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { captureOutput } from '../../fakes/captured-output';

/** Tasks that are to run, by ARN, with the execution that each belongs to. */
class FakeEcs extends JsonService {
  readonly serviceId = 'ECS';
  readonly tasks = new Map<string, string>();
  readonly stopped: string[] = [];
  protected readonly operationHandlers = {
    // Pages of one.
    ListTasks: ({ nextToken = '0' }: { nextToken?: string }) => {
      const arns = [...this.tasks.keys()];
      const next = Number(nextToken) + 1;
      return { taskArns: arns.slice(next - 1, next), ...(next < arns.length ? { nextToken: String(next) } : {}) };
    },
    DescribeTasks: ({ tasks }: { tasks: string[] }) => ({
      tasks: tasks.map((taskArn) => ({
        taskArn,
        overrides: {
          containerOverrides: [
            { name: 'renderer', environment: [{ name: 'EXECUTION_NAME', value: this.tasks.get(taskArn) }] },
          ],
        },
      })),
    }),
    StopTask: ({ task }: { task: string }) => {
      if (task === 'gone') throw new Refusal('InvalidParameterException', 'The referenced task was not found.');
      this.stopped.push(task);
      return {};
    },
  };
}

const ecs = new FakeEcs();
const s3 = new FakeS3({ input: 'Enabled' });
const sqs = new FakeSQS({ failures: {} });
let handler: LoadedHandler<unknown>;

beforeAll(async () => {
  const endpoints = await Promise.all([ecs, s3, sqs].map((service) => service.listen()));
  handler = loadHandler('document-renderer/end-large-render', {
    ...Object.assign({}, ...endpoints),
    CLUSTER_ARN: 'arn:aws:ecs:eu-west-1:111122223333:cluster/large',
    INPUT_BUCKET_NAME: 'input',
    FAILURES_QUEUE_URL: sqs.urlOf('failures'),
  });
  s3.put('input', 'requests/one.json', '{"requestId":"one"}');
});
afterAll(() => Promise.all([ecs, s3, sqs].map((service) => service.close())));
beforeEach(() => {
  captureOutput();
  ecs.tasks.clear();
  ecs.stopped.length = 0;
  ecs.before = () => undefined;
  sqs.queue('failures').messages = [];
});
afterEach(() => jest.restoreAllMocks());

const end = (failure: { Error?: string; Cause?: string }, attempt = 1): Promise<unknown> =>
  handler({ requestKey: 'requests/one.json', execution: 'one', attempt, failure });

it.each([
  ['success', {}, 1, 'rendered'],
  ['a heartbeat that stayed away', { Error: 'States.HeartbeatTimeout' }, 1, 'again'],
  ['the time of the attempt', { Error: 'States.Timeout' }, 2, 'again'],
  ["Spot's notice", { Error: 'TaskInterruptedError', Cause: 'asked to stop' }, 1, 'again'],
  ['a start without capacity', { Error: 'AmazonECS.Unknown' }, 1, 'again'],
  ['the last attempt', { Error: 'States.HeartbeatTimeout' }, 3, 'set-aside'],
  ['a document that is never rendered', { Error: 'RenderRefusedError', Cause: 'malformed: no' }, 1, 'set-aside'],
])('every task of an execution is stopped after %s, and no other task', async (_, failure, attempt, next) => {
  ecs.tasks.set('first', 'one').set('of another', 'two').set('second', 'one');
  expect(await end(failure, attempt)).toMatchObject({ next });
  expect(ecs.stopped).toEqual(['first', 'second']);
});

it('a task that has ended meanwhile counts as stopped', async () => {
  ecs.tasks.set('gone', 'one').set('running', 'one');
  expect(await end({})).toEqual({ next: 'rendered', attempt: 1 });
  expect(ecs.stopped).toEqual(['running']);
});

it('a request that is given up is set aside as it came, with its reason', async () => {
  await end({ Error: 'States.HeartbeatTimeout', Cause: '' }, 3);
  expect(sqs.queue('failures').messages).toMatchObject([
    { body: '{"requestId":"one"}', attributes: { reason: { StringValue: 'task-failed' } } },
  ]);
});

it('nothing is decided until the task is stopped: the state machine tries again', async () => {
  ecs.tasks.set('running', 'one');
  ecs.before = ({ operation }) => (operation === 'StopTask' ? jsonRefusal('ThrottlingException') : undefined);
  await expect(end({ Error: 'States.HeartbeatTimeout' }, 3)).rejects.toThrow(
    expect.objectContaining({ name: 'ServiceBusyError' }) as Error,
  );
  expect(sqs.queue('failures').messages).toEqual([]);
});
