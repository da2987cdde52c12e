import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import type { Notice } from '../../lambda/resource-tagger/notice';
import { repeats } from '../shared/faults/duplicates';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readDeployment, sendEvents } from './deployment';
import { roleSession } from './events';
import { FakeReceiver, retryAfterSeconds, type ReceiverFault } from './fake-receiver';

const secretNames = { slackSecretName: 'webhooks/slack', teamsSecretName: 'webhooks/teams' };

/** Settings that this proof needs: short waits, though a slow machine must not give up a request that was confirmed. */
export const webhookSettings = { webhooks: { ...secretNames, digestSeconds: 1, timeoutSeconds: 5 } };

const faults: Readonly<Record<string, readonly ReceiverFault[]>> = {
  '/slack': ['failed', 'slow', 'throttled', 'reset', 'failed'],
  '/teams': ['throttled', 'reset', 'slow', 'failed'],
};

/** Notices of a burst; each has a type of its own, by which it is known in any digest. */
const burst = 120;

/** Name that a caller chose to be read as formatting, a link, a mention, a formula or a function. */
const hostile = 'user/<!channel> *b* [a](https://evil.example) {{DATE()}} <script>\u202e\u0000\n=1+1';

export const webhooksProof: Check = {
  name: 'webhooks',
  title: 'a burst reaches Slack and Teams in digests, once, although they are slow, down, throttle and fail',
  // The receivers are on this machine, where functions of an account do not reach them.
  needs: 'faults',
  async run(run) {
    const receiver = new FakeReceiver(faults);
    const base = await receiver.listen();
    run.cleanUp('the receiver', () => receiver.close());
    // A channel whose secret nobody has made yet waits.
    await run.step('send a burst before the URLs are there', () => sendBurst(run));
    await putSecret(run, secretNames.slackSecretName, `${base}/slack`);
    await putSecret(run, secretNames.teamsSecretName, `${base}/teams`);
    for (const path of ['/slack', '/teams'])
      await run.step(`digests at ${path}`, () => checkDigests(run, receiver, path));
    await run.step('send a test notice', () => checkTestNotice(run, receiver));
    await run.step('the URLs are secrets', () => checkSecrecy(run, base));
    await run.step('a new resource is in a digest of both', () => checkWholeWay(run, receiver));
    await run.step('redrive a notice that became a dead letter', () => checkRedrive(run, receiver));
  },
};

async function sendBurst(run: ScenarioRun): Promise<void> {
  const notices = Array.from({ length: burst }, (_, index) => noticeOf(`${run.runId}-${index}`, `kind-${index} `));
  const sns = new SNSClient({});
  await pMap([...notices, ...repeats(run, notices)], (notice) => publish(run, sns, notice), { concurrency: 10 });
}

function noticeOf(id: string, type: string): Notice {
  return {
    id,
    time: new Date().toISOString(),
    creator: hostile,
    via: hostile,
    type: `${type}${hostile}`,
    region: hostile,
    resources: [hostile, '<b>vol-1</b>'],
    count: 2,
    refused: { [hostile]: 1 },
    lacking: { [hostile]: 1 },
  };
}

/** Publishes as TagResources does. */
async function publish(run: ScenarioRun, sns: SNSClient, notice: Notice): Promise<void> {
  const Message = JSON.stringify({ default: 'news', sqs: JSON.stringify(notice) });
  const TopicArn = run.output('NoticesTopicArn');
  await sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json' }));
}

async function putSecret(run: ScenarioRun, Name: string, SecretString: string): Promise<void> {
  const secrets = new SecretsManagerClient({});
  try {
    await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceExistsException') throw error;
    await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString }));
  }
  run.cleanUp('the secret', async () => {
    await secrets.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
  });
}

async function checkDigests(run: ScenarioRun, receiver: FakeReceiver, path: string): Promise<void> {
  const confirmed = (): string[] => receiver.at(path, true).flatMap(({ body }) => kindsIn(body));
  await run.eventually(`${burst} notices at ${path}`, () =>
    Promise.resolve(new Set(confirmed()).size >= burst ? true : undefined),
  );
  run.assertEqual(confirmed().length, burst, `notices that ${path} has confirmed: all of them, each once`);
  const digests = receiver.at(path, true).length;
  run.assert(digests <= burst / 4, 'a burst comes in digests', `${digests} for ${burst} notices`);
  const met = receiver.at(path, false).map(({ fault }) => fault);
  run.assertEqual(met, [...(faults[path] ?? [])], `faults of ${path}`);
  const pauses = receiver.received.filter((one) => one.path === path);
  const throttled = pauses.find(({ fault }) => fault === 'throttled')?.at ?? 0;
  // A request of another invocation may be on its way already.
  const early = pauses.filter(({ at }) => at > throttled + 6_000 && at < throttled + retryAfterSeconds * 1_000 - 500);
  run.assertEqual(early.length, 0, `requests to ${path} while it wanted none (Retry-After)`);
  assertPlain(run, receiver, path);
  run.metric(`digests at ${path}`, digests);
}

/** Names must reach people as they are, and nothing that reads them as formatting, a link, a mention or a function. */
function assertPlain(run: ScenarioRun, receiver: FakeReceiver, path: string): void {
  const bodies = receiver.received.filter((one) => one.path === path).map(({ body }) => body);
  if (path === '/slack') run.assert(!bodies.some((body) => /[<>]/.test(body)), 'Slack gets no control characters');
  const markdown = /"TextBlock","text":"(?!\d+ new resources?")/;
  run.assert(!bodies.some((body) => markdown.test(body)), 'no name is in a text that is formatted');
  run.assert(!bodies.some((body) => /[\p{Cc}\p{Cf}]/u.test(body)), 'no name has a character that controls the text');
}

function kindsIn(body: string): string[] {
  return body.match(/kind-\d+/g) ?? [];
}

async function checkSecrecy(run: ScenarioRun, base: string): Promise<void> {
  const FunctionName = run.output('PostNoticesFunctionName');
  const { Environment } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  run.assert(!JSON.stringify(Environment).includes(base), 'the environment of the function has no URL');
}

async function checkWholeWay(run: ScenarioRun, receiver: FakeReceiver): Promise<void> {
  const deployment = await readDeployment(run);
  const bucket = `${run.runId}-gone`;
  // Too old to be waited for and not there: only those that are present are news.
  const absent = deployment.event({
    eventId: bucket,
    service: 's3',
    eventName: 'CreateBucket',
    time: new Date(Date.now() - 3_600_000),
    request: { bucketName: bucket },
  });
  const queueUrl = deployment.eventsQueueUrl;
  const present = deployment.event({
    eventId: `${run.runId}-queue`,
    service: 'sqs',
    eventName: 'CreateQueue',
    time: new Date(),
    identity: roleSession(deployment.account, '<!channel>', hostile),
    response: { queueUrl },
    more: { userAgent: hostile, sourceIPAddress: hostile },
  });
  await sendEvents(deployment, [absent, present]);
  for (const path of ['/slack', '/teams']) {
    await run.eventually(`the queue in a digest at ${path}`, () =>
      Promise.resolve(receiver.at(path, true).some(({ body }) => body.includes('SQS queue')) ? true : undefined),
    );
  }
  run.assert(!receiver.received.some(({ body }) => body.includes(bucket)), 'what is gone is no news');
  for (const path of ['/slack', '/teams']) assertPlain(run, receiver, path);
}

async function checkTestNotice(run: ScenarioRun, receiver: FakeReceiver): Promise<void> {
  const said = await runCommand(run, 'resource-tagger', 'npm run ops -- resource-tagger test-notice');
  const [id = 'no id'] = /test-[0-9a-f-]{36}/.exec(said) ?? [];
  for (const path of ['/slack', '/teams']) {
    await run.eventually(`the test notice at ${path}`, () =>
      Promise.resolve(receiver.at(path, true).some(({ body }) => body.includes(id)) ? true : undefined),
    );
  }
}

async function checkRedrive(run: ScenarioRun, receiver: FakeReceiver): Promise<void> {
  const QueueUrl = run.output('SlackDeadLettersUrl');
  const MessageBody = JSON.stringify(noticeOf(`${run.runId}-dead`, 'kind-9999 '));
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const shown = await runCommand(run, 'resource-tagger', 'npm run ops -- resource-tagger redrive --dry-run');
  run.assert(shown.includes('1 notices would be sent back to SlackNotices'), 'a dry run counts the notice', shown);
  await runCommand(run, 'resource-tagger', 'npm run ops -- resource-tagger redrive');
  await run.eventually('the notice in a digest', () =>
    Promise.resolve(receiver.at('/slack', true).some(({ body }) => body.includes('kind-9999')) ? true : undefined),
  );
}
