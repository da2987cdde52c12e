import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertWindows } from './assertions';
import { readDeployment, type Deployment } from './deployment';
import { readFailures, removeFailures } from './failures';
import { entryOf, makeReadings } from './readings';
import { postSigned } from './signed-post';
import { putEntries } from './stream';
import { runOps } from './run-ops';
import { hideFor } from './visibility';

/** Attempts of an asynchronous invocation. */
const attempts = 3;

/** The table "Who retries" of the README; `trigger-outage` has what callers see of an outage, and `outage` the age of records. */
export const triggersProof: Check = {
  name: 'triggers',
  title: 'by HTTP, event, queue and stream, a reading is recorded, and a malformed one is reported or kept',
  expectedErrors: ['InvalidReadingError'],
  async run(run) {
    const deployment = readDeployment(run);
    const [byHttp, byEvent, byQueue, ...others] = makeReadings(run, { count: 4, devices: 4, spreadSeconds: 30 });
    const [byStream] = others;
    if (!byHttp || !byEvent || !byQueue || !byStream) throw new Error('too few readings were made');
    const malformed = (name: string): string => JSON.stringify({ deviceId: `${run.runId}-${name}`, value: 'none' });

    await run.step('synchronous', () => synchronous(run, deployment, JSON.stringify(byHttp), malformed('http')));
    await run.step('asynchronous', async () => {
      for (const payload of [JSON.stringify(byEvent), malformed('event')]) {
        const invoke = { FunctionName: deployment.recordReading, InvocationType: 'Event', Payload: payload } as const;
        const { StatusCode } = await deployment.lambda.send(new InvokeCommand(invoke));
        run.assertEqual(StatusCode, 202, 'the status of an asynchronous invocation, whatever comes of it');
      }
    });
    await run.step('queue', async () => {
      await hideFor(run, deployment, 3);
      for (const MessageBody of [JSON.stringify(byQueue), malformed('queue')]) {
        const send = new SendMessageCommand({ QueueUrl: deployment.queueUrl, MessageBody });
        const { MessageId } = await deployment.sqs.send(send);
        run.assert(MessageId !== undefined, 'SendMessage succeeds, whatever comes of it');
      }
    });
    await run.step('stream', async () => {
      run.cleanUp('the malformed record', () => removeFailures(deployment, run.runId));
      await putEntries(deployment, [{ key: run.runId, data: malformed('stream') }, entryOf(byStream)]);
    });
    await assertWindows(run, deployment, [byHttp, byEvent, byQueue, byStream]);
    await assertDeadEvent(run, deployment);
    await assertDeadMessage(run, deployment, malformed('queue'));
    const failed = await run.step('wait for the record of the stream', () =>
      run.eventually('the record in Failures', async () => (await readFailures(deployment, run.runId))[0]),
    );
    run.assertEqual(
      [failed.data, failed.condition],
      [malformed('stream'), 'RetryAttemptsExhausted'],
      'the whole record in Failures',
    );
    await run.step('redrive', async () => {
      // Malformed messages stay, and the command says so.
      await runOps(run, 'redrive --dry-run', 1);
      await runOps(run, 'redrive', 1);
    });
    await removeDeadLetters(run, deployment);
  },
};

async function synchronous(run: ScenarioRun, { lambda }: Deployment, valid: string, malformed: string): Promise<void> {
  const url = run.output('RecordReadingUrl');
  const accepted = await postSigned(lambda, url, valid);
  run.assertEqual([accepted.status, await accepted.json()], [202, { recorded: 1 }], 'the answer to a reading');
  const refused = await postSigned(lambda, url, malformed);
  run.assertEqual(refused.status, 400, 'the answer to a malformed one');
  run.assertEqual(
    (await fetch(url, { method: 'POST', body: valid })).status,
    403,
    'the answer to a request that is not signed',
  );
}

/** The malformed event is a dead letter, as a whole, after three attempts. */
async function assertDeadEvent(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const { Body = '{}' } = await waitForDeadLetter(run, deployment, 'requestPayload');
  const { requestPayload, requestContext } = JSON.parse(Body) as {
    requestPayload?: unknown;
    requestContext?: { approximateInvokeCount: number };
  };
  run.assertEqual(requestPayload, { deviceId: `${run.runId}-event`, value: 'none' }, 'the event in the dead letter');
  run.assertEqual(requestContext?.approximateInvokeCount, attempts, 'attempts of the asynchronous invocation');
}

/** The malformed message is a dead letter, unchanged, after as many receives as the queue's redrive policy has. */
async function assertDeadMessage(run: ScenarioRun, deployment: Deployment, body: string): Promise<void> {
  const { Body } = await waitForDeadLetter(run, deployment, '-queue');
  run.assertEqual(Body, body, 'the message in the dead-letter queue');
  const { Attributes = {} } = await deployment.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deployment.queueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const { maxReceiveCount } = JSON.parse(Attributes['RedrivePolicy'] ?? '{}') as { maxReceiveCount?: unknown };
  run.assertEqual(Number(maxReceiveCount), attempts, 'receives before a message is a dead letter');
}

function waitForDeadLetter(run: ScenarioRun, deployment: Deployment, text: string): Promise<Message> {
  return run.step(`wait for the dead letter with ${text}`, () =>
    run.eventually(
      'the dead letter',
      async () => (await deadLetters(run, deployment)).find(({ Body = '' }) => Body.includes(text)),
      // Lambda retries an event after one and two minutes.
      { withinSeconds: 400 },
    ),
  );
}

/** Dead letters of the run, which stay visible. */
async function deadLetters(run: ScenarioRun, { sqs, deadLetterQueueUrl }: Deployment): Promise<Message[]> {
  const receive = { QueueUrl: deadLetterQueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ ...receive, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
  );
  const mine = Messages.filter(({ Body = '' }) => Body.includes(run.runId));
  return [...new Map(mine.map((message) => [message.MessageId, message])).values()];
}

async function removeDeadLetters(run: ScenarioRun, deployment: Deployment): Promise<void> {
  await run.eventually('the dead letters to be deleted', async () => {
    const letters = await deadLetters(run, deployment);
    for (const { ReceiptHandle } of letters) {
      const remove = { QueueUrl: deployment.deadLetterQueueUrl, ReceiptHandle };
      await deployment.sqs.send(new DeleteMessageCommand(remove));
    }
    return letters.length === 0 ? true : undefined;
  });
}
