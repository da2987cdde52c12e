import type { RunStatus } from './ending';
import type { State, Step } from './run';

/** Build of a step, as the report has it. */
export interface ReportedStep {
  readonly step: Step;
  readonly round: number;
  readonly outcome: string;
  readonly seconds: number;
}

/** End of a run, for people. */
export interface Report {
  readonly state: State;
  readonly status: RunStatus;
  readonly seconds: number;
  readonly steps: readonly ReportedStep[];
  /** Difference that was deployed, if there is one. */
  readonly diff?: string;
}

export interface Message {
  readonly subject: string;
  readonly message: string;
}

/** https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html */
const longestComment = 10_000;

/** Message about a run's end. Names of branches are text of the pusher, so they are quoted, and never in the subject. */
export function messageOf(report: Report): Message {
  const { state, status } = report;
  const subject = `Pipeline ${status}: ${state.run.id}`.slice(0, 100);
  return { subject, message: linesOf(report).join('\n') };
}

/** Comment on the commit in Markdown: the message and the difference, both as text in which nothing is marked up. */
export function commentOf(report: Report): string {
  const text = [
    `Pipeline ${report.status}`,
    ...linesOf(report),
    ...(report.diff === undefined ? [] : ['', report.diff]),
  ];
  const inert = text.join('\n').replaceAll('```', "'''").replaceAll('~~~', '---');
  const shown = inert.length > longestComment ? `${inert.slice(0, longestComment)}\n(cut off)` : inert;
  return `\`\`\`\n${shown}\n\`\`\``;
}

function linesOf({ state, status, seconds, steps, diff }: Report): string[] {
  const { run, artifact, failure } = state;
  return [
    `Run: ${run.id}`,
    `Commit: ${run.commit}`,
    `Branch: ${JSON.stringify(run.branch)}`,
    `Pushed by: ${run.pusher ?? 'unknown'}`,
    `Environment: ${run.environment?.name ?? 'none'}`,
    `Artifact: ${artifact?.digest ?? 'none'}${state.rollback === true ? ' (the last good one)' : ''}`,
    `Duration: ${Math.round(seconds)} s`,
    ...steps.map((one) => `Step ${one.step} ${one.round}: ${one.outcome}, ${Math.round(one.seconds)} s`),
    ...(failure === undefined ? [] : [`Failure: ${failure.Error}: ${JSON.stringify(failure.Cause ?? '')}`]),
    ...rollbackLines(state, status, diff),
  ];
}

function rollbackLines({ notRolledBack }: State, status: RunStatus, diff = ''): string[] {
  if (status === 'broken') {
    return [`Not rolled back: ${notRolledBack ?? 'the run ended before'}. The environment is as the failure left it.`];
  }
  if (status !== 'rolled-back') return [];
  return [
    'Rolled back: templates and code. Data that the failed deployment has changed or deleted stays so.',
    ...lostIn(diff).map((line) => `Not restored by the rollback: ${line}`),
  ];
}

/** Lines of `cdk diff` about resources that are deleted or replaced, with what they hold. */
function lostIn(diff: string): string[] {
  return diff
    .split('\n')
    .filter((line) => /^\[-\].* destroy$|^\[~\].* (?:may be )?replaced?$/.test(line.trim()))
    .map((line) => line.trim())
    .slice(0, 20);
}
