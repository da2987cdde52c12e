import type { State, States } from '../constructs/asl';
import { closing, functionRetriers, graceSeconds, invoke } from './approval-states';

/** Functions by ARN, and times of the settings. */
export interface DefinitionProps {
  readonly checkRequest: string;
  readonly askApproval: string;
  readonly scheduleEnd: string;
  readonly launchMachine: string;
  readonly endMachine: string;
  readonly approvalSeconds: number;
  readonly reminderSeconds: number;
  readonly launchSeconds: number;
}

/** Seconds between two looks at a machine that starts. */
const lookSeconds = 5;

/**
 * State machine of one round of a request: the launch, or an extension.
 *
 *     check -> ask -> remind -> schedule the end -> launch -> look until it runs
 *       |       |       |              |              |
 *       +-------+-------+--------------+--------------+-> close -> rejected, refused, expired, failed
 *
 * Executions carry the request's id and its round, never what a person wrote.
 */
export function approvalDefinition(props: DefinitionProps): object {
  return {
    Comment: 'One round of a request for a machine: its launch, or an extension',
    QueryLanguage: 'JSONata',
    StartAt: 'Check the request',
    // All retries of all steps, and the approval.
    TimeoutSeconds: props.approvalSeconds + props.launchSeconds + 8 * 14_400,
    States: { ...entry(props), ...approval(props), ...launch(props), ...closings(props) },
  };
}

const close = 'Close the request';

function entry(props: DefinitionProps): States {
  return {
    'Check the request': {
      ...invoke(props.checkRequest, {}),
      Retry: functionRetriers(),
      Catch: [closing('failed', 'check-failed', close)],
      Assign: { outcome: '{% $states.result.Payload.outcome %}', reason: '{% $states.result.Payload.reason %}' },
      Next: 'What does the policy say?',
    },
    'What does the policy say?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $outcome = 'ask' %}", Next: 'Ask for approval' },
        { Condition: "{% $outcome = 'approved' %}", Next: 'Schedule the end' },
      ],
      Assign: { because: 'rejected' },
      Default: close,
    },
  };
}

function approval(props: DefinitionProps): States {
  const { askApproval, approvalSeconds, reminderSeconds } = props;
  const left = approvalSeconds - reminderSeconds;
  const ask = (decideSeconds: number, reminder: boolean, seconds: number, onTimeout: object): State => ({
    ...invoke(
      askApproval,
      { taskToken: '{% $states.context.Task.Token %}', decideSeconds, reminder },
      '.waitForTaskToken',
    ),
    TimeoutSeconds: seconds,
    Retry: functionRetriers(false),
    Catch: [onTimeout, closing('failed', 'approvers-not-reached', close)],
    Assign: { outcome: '{% $states.result.outcome %}' },
    Next: 'Was it approved?',
  });
  const remind = { ErrorEquals: ['States.Timeout'], Next: 'Remind the approvers' };
  return {
    'Ask for approval': ask(approvalSeconds, false, reminderSeconds, remind),
    // A decision that the table accepted in its last second still arrives in time.
    'Remind the approvers': ask(left, true, left + graceSeconds, {
      ...closing('expired', 'expired', close, ['States.Timeout']),
    }),
    'Was it approved?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $outcome = 'approved' %}", Next: 'Schedule the end' }],
      Assign: { because: 'refused', reason: 'refused' },
      Default: close,
    },
  };
}

function launch(props: DefinitionProps): States {
  const looks = Math.ceil(props.launchSeconds / lookSeconds);
  return {
    'Schedule the end': {
      ...invoke(props.scheduleEnd, {}),
      Retry: functionRetriers(),
      Catch: [
        closing('failed', 'end-passed', close, ['EndPassedError']),
        closing('failed', 'end-not-scheduled', close),
      ],
      Assign: { looks: 0 },
      Next: 'Launch or extend?',
    },
    'Launch or extend?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.context.Execution.Input.round = 1 %}', Next: 'Launch the machine' }],
      Default: 'Done',
    },
    'Launch the machine': {
      ...invoke(props.launchMachine, {}),
      Retry: functionRetriers(),
      Catch: [
        closing('failed', 'no-capacity', close, ['NoCapacityError']),
        closing('failed', 'quota-exceeded', close, ['QuotaExceededError']),
        closing('failed', 'launch-failed', close),
      ],
      Assign: { state: '{% $states.result.Payload.state %}', looks: '{% $looks + 1 %}' },
      Next: 'Does it run?',
    },
    'Does it run?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $state != 'pending' %}", Next: 'Done' },
        { Condition: `{% $looks < ${looks} %}`, Next: 'Let it start' },
      ],
      Assign: { because: 'failed', reason: 'not-running-in-time' },
      Default: close,
    },
    'Let it start': { Type: 'Wait', Seconds: lookSeconds, Next: 'Launch the machine' },
    Done: { Type: 'Succeed' },
  };
}

function closings(props: DefinitionProps): States {
  return {
    [close]: {
      ...invoke(props.endMachine, { because: '{% $because %}', reason: '{% $reason %}' }),
      Retry: functionRetriers(),
      Assign: { outcome: '{% $states.result.Payload.outcome %}' },
      Next: 'Was it approved in the last second?',
    },
    'Was it approved in the last second?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $outcome = 'approved' %}", Next: 'Schedule the end' }],
      Default: 'Done',
    },
  };
}
