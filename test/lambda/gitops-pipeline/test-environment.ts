import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as codebuild from '@aws-sdk/client-codebuild';
import * as codecommit from '@aws-sdk/client-codecommit';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import { openIndexName } from '../../../lambda/gitops-pipeline/adapters/dynamodb-items';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { loadHandler as load, type LoadedHandler } from '../../fakes/load-handler';

const clients = {
  '@aws-sdk/client-cloudwatch': cloudwatch,
  '@aws-sdk/client-codebuild': codebuild,
  '@aws-sdk/client-codecommit': codecommit,
  '@aws-sdk/client-dynamodb': dynamodb,
  '@aws-sdk/client-s3': s3,
  '@aws-sdk/client-sfn': sfn,
  '@aws-sdk/client-sns': sns,
};

const clientClasses = Object.values(clients)
  .flatMap((module) => Object.entries(module))
  .filter(([name]) => /^[A-Z]\w+Client$/.test(name))
  .map(([, one]) => one as { prototype: { send: unknown } });

const steps = ['scan', 'build', 'test', 'check', 'diff', 'deploy', 'smoke'];

const functionEnvironment = {
  RUNS_TABLE_NAME: 'Runs',
  ARTIFACTS_BUCKET_NAME: 'artifacts',
  PROJECTS: JSON.stringify(Object.fromEntries(steps.map((step) => [step, `Project-${step}`]))),
  TOOLS_OBJECT: 'assets/tools.zip',
  REPORTS_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:Reports',
  APPROVAL_SECONDS: '3600',
  REPOSITORY_NAME: 'source',
  WATCH_SECONDS: '600',
};

/** Loads a handler with the environment of the stack's functions. */
export function loadHandler<Answer = unknown>(file: string): LoadedHandler<Answer> {
  // The same client classes as here, so that their spies apply to the handler.
  for (const [name, module] of Object.entries(clients)) jest.doMock(name, () => module);
  return load<Answer>(`gitops-pipeline/${file}`, functionEnvironment);
}

interface FakeBuild {
  readonly id: string;
  /** Idempotency token, while CodeBuild knows it. */
  token: string;
  readonly startTime: Date;
  readonly variables: { name: string; value: string }[];
  status: string;
}

/** Services of the handlers in memory. */
export class TestEnvironment {
  readonly builds: FakeBuild[] = [];
  /** Tokens that a task waits for. */
  readonly awaited = new Set<string>();
  readonly results: { readonly token: string; readonly result: string }[] = [];
  readonly messages: string[] = [];
  readonly comments = new Map<string, string>();
  alarms: { readonly MetricAlarms: readonly object[]; readonly NextToken?: string }[] = [];
  readonly calls: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
  /** Number of calls that take effect before the function is cut off. */
  cutOffAfter = Infinity;
  private readonly tables = new FakeDynamoDB({
    Runs: { partitionKey: 'id', indexes: { [openIndexName]: { partitionKey: 'open', sortKey: 'since' } } },
  });

  constructor() {
    for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockReturnValue(true);
    const client = new dynamodb.DynamoDBClient(this.tables.clientConfig);
    const toTables = client.send.bind(client) as (command: object) => Promise<object>;
    const send = async (command: { input: never }): Promise<object> => {
      const name = command.constructor.name.replace(/Command$/, '');
      this.calls.push({ name, input: command.input });
      const act = this.operations[name];
      const answer = act === undefined ? await toTables(command) : act(command.input);
      this.cutOffAfter -= 1;
      if (this.cutOffAfter <= 0) throw new Error('the function was cut off');
      return answer;
    };
    for (const one of clientClasses) jest.spyOn(one.prototype, 'send' as never).mockImplementation(send as never);
  }

  /** Table as adapters take it. */
  get table(): { client: dynamodb.DynamoDBClient; tableName: string } {
    return { client: new dynamodb.DynamoDBClient(this.tables.clientConfig), tableName: 'Runs' };
  }

  /** Adds builds of somebody else: one of long ago, and one of now. */
  addOtherBuilds(): void {
    const other = (id: string, startTime: Date): FakeBuild => ({
      ...{ id, startTime },
      ...{ token: id, variables: [], status: 'SUCCEEDED' },
    });
    this.builds.unshift(other('Build:old', new Date(0)));
    this.builds.push(other('Build:new', new Date()));
  }

  private readonly operations: Readonly<Record<string, (input: never) => object>> = {
    StartBuild: ({ idempotencyToken: token = '', ...input }: codebuild.StartBuildCommandInput) => {
      const found = this.builds.find((one) => one.token === token);
      const variables = (input.environmentVariablesOverride ?? []).map(({ name = '', value = '' }) => ({
        name,
        value,
      }));
      const id = `Build:${this.builds.length + 1}`;
      const build: FakeBuild = found ?? { id, token, startTime: new Date(), variables, status: 'IN_PROGRESS' };
      if (found === undefined) this.builds.push(build);
      return { build: { id: build.id } };
    },
    BatchGetBuilds: ({ ids = [] }: codebuild.BatchGetBuildsCommandInput) => ({
      builds: this.builds
        .filter(({ id }) => ids.includes(id))
        .map(({ id, status, startTime, variables }) => ({
          id,
          startTime,
          buildStatus: status,
          environment: { environmentVariables: variables },
        })),
    }),
    // Pages of one build, the newest first.
    ListBuildsForProject: ({ nextToken = '0' }: codebuild.ListBuildsForProjectCommandInput) => {
      const page = Number(nextToken);
      const ids = this.builds.toReversed().map(({ id }) => id);
      return { ids: ids.slice(page, page + 1), ...(page + 1 < ids.length ? { nextToken: String(page + 1) } : {}) };
    },
    SendTaskSuccess: ({ taskToken = '', output = '' }: sfn.SendTaskSuccessCommandInput) =>
      this.endTask(taskToken, output),
    SendTaskFailure: ({ taskToken = '', error = '' }: sfn.SendTaskFailureCommandInput) =>
      this.endTask(taskToken, error),
    GetObject: () => ({ Body: { transformToString: () => Promise.resolve('the difference') } }),
    Publish: ({ Message = '' }: sns.PublishCommandInput) => {
      this.messages.push(Message);
      return {};
    },
    GetCommit: () => ({ commit: { parents: ['0'.repeat(40)] } }),
    PostCommentForComparedCommit: (input: codecommit.PostCommentForComparedCommitCommandInput) => {
      const { clientRequestToken: token = '', content = '' } = input;
      // https://docs.aws.amazon.com/codecommit/latest/APIReference/API_PostCommentForComparedCommit.html
      if (this.comments.has(token)) {
        throw Object.assign(new Error('other parameters'), { name: 'IdempotencyParameterMismatchException' });
      }
      this.comments.set(token, content);
      return {};
    },
    DescribeAlarms: ({ NextToken }: cloudwatch.DescribeAlarmsCommandInput) =>
      this.alarms[NextToken === undefined ? 0 : Number(NextToken)] ?? {},
  };

  private endTask(token: string, result: string): object {
    // https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
    if (!this.awaited.delete(token)) throw Object.assign(new Error(token), { name: 'TaskTimedOut' });
    this.results.push({ token, result });
    return {};
  }
}
