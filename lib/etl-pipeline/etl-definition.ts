import type { Decision } from '../../lambda/etl-pipeline/step-input';
import type { ServiceFunction } from '../constructs/service-function';
import type { State } from '../constructs/asl';
import { publish } from '../constructs/map-states';
import type { EtlPipelineSettings } from './etl-pipeline-settings';
import { invoke, mapOverChunks } from './etl-states';

export interface EtlSteps {
  readonly claimFile: ServiceFunction;
  readonly inspectFile: ServiceFunction;
  readonly splitFile: ServiceFunction;
  readonly transformChunk: ServiceFunction;
  readonly decideFile: ServiceFunction;
  readonly loadChunk: ServiceFunction;
  readonly reportFile: ServiceFunction;
}

export interface EtlDefinitionProps {
  readonly steps: EtlSteps;
  readonly workBucketName: string;
  readonly reportsTopicArn: string;
  readonly settings: EtlPipelineSettings;
}

/**
 * State machine of a file, from the event to the report.
 *
 * The datasets are part of the definition, so that an execution has those of its start to its end, whatever is deployed meanwhile.
 */
export function etlDefinition(props: EtlDefinitionProps): object {
  const { steps, workBucketName, reportsTopicArn, settings } = props;
  const { maximumConcurrency } = settings;
  const onFailure = { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Report the failure' }] };
  const step = (by: ServiceFunction, next: string): State =>
    invoke(by, '$', { OutputPath: '$.Payload', Next: next, ...onFailure });
  const map = { workBucketName, maximumConcurrency };
  return {
    Comment: 'Splits, checks and loads an uploaded file, and accounts for each of its rows.',
    TimeoutSeconds: settings.timeoutHours * 3_600,
    StartAt: 'Claim the file',
    States: {
      'Claim the file': invoke(
        steps.claimFile,
        {
          'event.$': '$',
          datasets: settings.datasets,
          execution: { 'id.$': '$$.Execution.Id', 'startedAt.$': '$$.Execution.StartTime' },
        },
        {
          OutputPath: '$.Payload',
          Next: 'Is the file claimed?',
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Notify of the unclaimed file' }],
        },
      ),
      'Is the file claimed?': choice({ inspect: 'Inspect the file' }, 'Nothing to do'),
      'Nothing to do': { Type: 'Succeed' },
      'Inspect the file': step(steps.inspectFile, 'Can it be read?'),
      'Can it be read?': choice({ split: 'Split the file' }, 'Report the file'),
      'Split the file': step(steps.splitFile, 'Is it split?'),
      'Is it split?': choice(
        { split: 'Split the file', transform: 'Transform the chunks', decide: 'Decide on the file' },
        'Report the file',
      ),
      'Transform the chunks': mapOverChunks(
        { label: 'TransformChunks', step: steps.transformChunk, folder: 'chunks', ...map },
        { Next: 'Decide on the file', ...onFailure },
      ),
      'Decide on the file': step(steps.decideFile, 'Is it good enough?'),
      'Is it good enough?': choice({ load: 'Load the chunks' }, 'Report the file'),
      'Load the chunks': mapOverChunks(
        { label: 'LoadChunks', step: steps.loadChunk, folder: 'staged', ...map },
        { Next: 'Report the file', ...onFailure },
      ),
      'Report the file': step(steps.reportFile, 'Notify of the file'),
      'Notify of the file': publish(reportsTopicArn, message, 'The file has ended'),
      'The file has ended': { Type: 'Succeed' },
      ...failures(props),
    },
  };
}

const message = { 'Subject.$': '$.subject', 'Message.$': '$.message' };

function choice(choices: Partial<Record<Decision, string>>, otherwise: string): State {
  return {
    Type: 'Choice',
    Choices: Object.entries(choices).map(([decision, Next]) => ({
      Variable: '$.decision',
      StringEquals: decision,
      Next,
    })),
    Default: otherwise,
  };
}

function failures({ steps, reportsTopicArn }: EtlDefinitionProps): Record<string, State> {
  return {
    'Report the failure': invoke(steps.reportFile, '$', {
      ResultSelector: { 'subject.$': '$.Payload.subject', 'message.$': '$.Payload.message' },
      ResultPath: '$.report',
      Next: 'Notify of the failure',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.reportFailure', Next: 'The file failed' }],
    }),
    'Notify of the failure': publish(
      reportsTopicArn,
      { 'Subject.$': '$.report.subject', 'Message.$': '$.report.message' },
      'The file failed',
    ),
    'Notify of the unclaimed file': publish(
      reportsTopicArn,
      {
        Subject: 'File FAILED before it was claimed',
        'Message.$': "States.Format('Execution {} failed with {}.', $$.Execution.Name, $.failure.Error)",
      },
      'The file failed',
    ),
    'The file failed': { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
  };
}
