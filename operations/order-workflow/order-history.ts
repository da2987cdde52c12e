import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { HistoryEvent } from '@aws-sdk/client-sfn';

export interface Milestone {
  readonly at: Date;
  readonly name: string;
  readonly detail?: string;
}

export interface Visit {
  readonly state: string;
  readonly at: Date;
  /** Errors of the failed attempts of the state's task. */
  readonly failures: readonly string[];
}

/** Milestones of an order, earliest first. */
export function readMilestones(item: Readonly<Record<string, AttributeValue>>): Milestone[] {
  return Object.entries(item['timeline']?.M ?? {})
    .map(([name, entry]) => {
      const detail = entry.M?.['detail']?.S;
      const at = new Date(entry.M?.['at']?.S ?? 0);
      return { name, at, ...(detail === undefined || detail === 'none' ? {} : { detail }) };
    })
    .sort((one, other) => one.at.getTime() - other.at.getTime());
}

/** States that an execution entered, each with the errors of its attempts. */
export function readVisits(events: readonly HistoryEvent[]): Visit[] {
  const visits: { state: string; at: Date; failures: string[] }[] = [];
  for (const event of events) {
    const { stateEnteredEventDetails: entered, timestamp } = event;
    if (entered?.name !== undefined) visits.push({ state: entered.name, at: timestamp ?? new Date(0), failures: [] });
    const failed =
      event.taskFailedEventDetails ?? event.taskTimedOutEventDetails ?? event.lambdaFunctionFailedEventDetails;
    if (failed !== undefined) visits.at(-1)?.failures.push(failed.error ?? 'unnamed error');
  }
  return visits;
}

export interface OrderHistory {
  readonly orderId: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly total: string | undefined;
  readonly milestones: readonly Milestone[];
  readonly visits: readonly Visit[];
  /** Status of the execution, such as RUNNING; undefined if there is none. */
  readonly execution: string | undefined;
}

export interface Colors {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
}

/** Lines of text: the milestones with their times, and the path through the state machine. */
export function formatHistory(history: OrderHistory, { bold, dim, red }: Colors): string[] {
  const { orderId, status, reason, total, milestones, visits, execution } = history;
  const suffix = reason === undefined || reason === 'none' ? '' : ` (${reason})`;
  const width = Math.max(0, ...milestones.map(({ name }) => name.length));
  return [
    `${bold(orderId)}  ${status}${suffix}${total === undefined ? '' : `  ${total}`}`,
    '',
    ...milestones.map(({ at, name, detail = '' }) =>
      `  ${dim(at.toISOString())}  ${name.padEnd(width)}  ${detail}`.trimEnd(),
    ),
    '',
    execution === undefined ? 'no execution: start one with --restart' : `execution ${execution}`,
    ...visits.flatMap(({ state, at, failures }, index) => [
      `  ${index === 0 ? '●' : '↓'} ${state}  ${dim(sinceStart(at, visits[0]?.at ?? at))}`,
      ...failures.map((failure) => `      ${red(failure)}`),
    ]),
  ];
}

function sinceStart(at: Date, start: Date): string {
  return `+${((at.getTime() - start.getTime()) / 1_000).toFixed(1)} s`;
}
