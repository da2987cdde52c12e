import { InvokeCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { disturb } from '../shared/faults/disturbed-calls';
import type { Check } from '../shared/scenario';
import { assertWindows } from './assertions';
import { readDeployment } from './deployment';
import { makeReadings } from './readings';
import { postSigned } from './signed-post';
import { hideFor } from './visibility';

/** Longer than the timeout of RecordReading, in seconds, so that no delivery overlaps the one before it. */
const hiddenSeconds = 25;
/** Time after the answer to a caller in which the other two attempts have failed too. */
const laterMilliseconds = 3_000;

/** Answers to callers during an outage of Kinesis, and who repeats: the table "Who retries" of the README. */
export const triggerOutageProof: Check = {
  name: 'trigger-outage',
  title: 'while Kinesis is down, a caller receives 503, and event and message are delivered again until recorded',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const { lambda, sqs, recordReading, queueUrl } = deployment;
    const [byHttp, byEvent, byQueue] = makeReadings(run, { count: 3, devices: 3, spreadSeconds: 30 });
    if (!byHttp || !byEvent || !byQueue) throw new Error('too few readings were made');
    const url = run.output('RecordReadingUrl');
    await hideFor(run, deployment, hiddenSeconds);
    const restore = await disturb(run, [recordReading], 'kinesis', { dropped: 1 });
    const Payload = JSON.stringify(byEvent);
    await lambda.send(new InvokeCommand({ FunctionName: recordReading, InvocationType: 'Event', Payload }));
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(byQueue) }));
    const refused = await run.step('call by HTTP', () => postSigned(lambda, url, JSON.stringify(byHttp)));
    run.assertEqual(
      [refused.status, refused.headers.get('retry-after')],
      [503, '1'],
      'the status and Retry-After for a caller, shortly before the timeout',
    );
    await new Promise((resolve) => setTimeout(resolve, laterMilliseconds));
    const { dropped } = await restore();
    run.assert(dropped > 0, 'calls to Kinesis were dropped', String(dropped));
    const accepted = await run.step('call again', () => postSigned(lambda, url, JSON.stringify(byHttp)));
    run.assertEqual(accepted.status, 202, 'the status once Kinesis is back');
    await assertWindows(run, deployment, [byHttp, byEvent, byQueue]);
  },
};
