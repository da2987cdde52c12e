import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/**
 * Hides messages of the queue for so many seconds after a receive until the end of the check, instead of six timeouts of the
 * function, so that a message is delivered again soon.
 */
export async function hideFor(run: ScenarioRun, { sqs, queueUrl }: Deployment, seconds: number): Promise<void> {
  const names = { QueueUrl: queueUrl, AttributeNames: ['VisibilityTimeout' as const] };
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand(names));
  const set = (VisibilityTimeout: string) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout } }));
  await set(String(seconds));
  run.cleanUp(
    'the visibility timeout of the queue',
    async () => void (await set(Attributes?.['VisibilityTimeout'] ?? '120')),
  );
}
