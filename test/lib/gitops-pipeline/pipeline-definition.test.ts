import type { ServiceFunction } from '../../../lib/constructs/service-function';
import { gitopsPipelineSettings } from '../../../lib/gitops-pipeline/gitops-pipeline-settings';
import { pipelineDefinition, type PipelineSteps } from '../../../lib/gitops-pipeline/pipeline-definition';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
}
interface Definition {
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, { readonly Retry?: readonly Retrier[]; readonly Seconds?: number }>>;
}

const step = { function: { functionArn: 'arn:function' } } as ServiceFunction;
const names = [
  ...['startBuild', 'signArtifact', 'requestApproval', 'verifyArtifact', 'claimEnvironment', 'checkAlarms'],
  ...['chooseRollback', 'endRun'],
];
const steps = Object.fromEntries(names.map((name) => [name, step])) as unknown as PipelineSteps;
const longest = { buildTimeoutMinutes: 480, queuedTimeoutMinutes: 480, approvalHours: 720, waitHours: 168 };

it.each([{}, { waitHours: 1, approvalHours: 0.01 }, { ...longest, watchSeconds: 21_600 }])(
  'an execution has no more than 25,000 events, however long it waits, with %j',
  (given) => {
    const settings = gitopsPipelineSettings.parse(given);
    const { States, TimeoutSeconds } = pipelineDefinition(steps, settings) as Definition;
    const retriers = Object.values(States).flatMap(({ Retry = [] }) => Retry);
    const waiting = retriers.filter(({ ErrorEquals }) => ErrorEquals.includes('ServiceBusyError'));
    expect(waiting.length).toBeGreaterThan(10);
    for (const { MaxAttempts, MaxDelaySeconds } of waiting) {
      // Full jitter: half of the delay on average.
      const retries = TimeoutSeconds / (MaxDelaySeconds / 2);
      const looks = settings.watchSeconds / (States['Wait for alarms']?.Seconds ?? 1);
      // A retry is three events, and a look at the alarms nine with its wait and its choice.
      expect(3 * retries + 9 * looks).toBeLessThan(24_500);
      expect((MaxAttempts * MaxDelaySeconds) / 2).toBeGreaterThanOrEqual(settings.waitHours * 3_600);
    }
  },
);
