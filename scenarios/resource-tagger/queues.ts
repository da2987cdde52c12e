import { messagesIn } from '../shared/queue-messages';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/** Later deliveries must change nothing: they are waited for. */
export async function awaitEmpty(run: ScenarioRun, deployment: Deployment): Promise<void> {
  await run.eventually(
    'the queue Events to be empty',
    async () => ((await messagesIn(deployment, deployment.eventsQueueUrl)) === 0 ? true : undefined),
    { everyMilliseconds: 1_000 },
  );
}

/** Returns the number of dead letters of the events. */
export function deadLetters(run: ScenarioRun, deployment: Deployment): Promise<number> {
  return messagesIn(deployment, run.output('EventsDeadLettersUrl'));
}
