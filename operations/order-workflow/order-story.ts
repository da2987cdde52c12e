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
  /** Failed tries of the state's task. */
  readonly failures: readonly string[];
}

/** What happened to an order, earliest first. */
export function milestonesOf(item: Readonly<Record<string, AttributeValue>>): Milestone[] {
  return Object.entries(item['timeline']?.M ?? {})
    .map(([name, entry]) => {
      const detail = entry.M?.['detail']?.S;
      const shown = detail === undefined || detail === 'none' ? {} : { detail };
      return { name, at: new Date(entry.M?.['at']?.S ?? 0), ...shown };
    })
    .sort((one, other) => one.at.getTime() - other.at.getTime());
}

/** The states that an execution has entered, each with the errors of its tries. */
export function visitsOf(events: readonly HistoryEvent[]): Visit[] {
  const visits: { state: string; at: Date; failures: string[] }[] = [];
  for (const event of events) {
    const { stateEnteredEventDetails: entered, timestamp } = event;
    if (entered?.name !== undefined) visits.push({ state: entered.name, at: timestamp ?? new Date(0), failures: [] });
    const failed =
      event.taskFailedEventDetails ?? event.taskTimedOutEventDetails ?? event.lambdaFunctionFailedEventDetails;
    if (failed !== undefined) visits.at(-1)?.failures.push(failed.error ?? 'an error without a name');
  }
  return visits;
}

export interface Story {
  readonly orderId: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly total: string | undefined;
  readonly milestones: readonly Milestone[];
  readonly visits: readonly Visit[];
  /** How the execution stands, such as RUNNING; undefined where there is none. */
  readonly execution: string | undefined;
}

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
}

/** The story in lines for a person: what happened when, and the way through the machine. */
export function tell(story: Story, { bold, dim, red }: Paint): string[] {
  const { orderId, status, reason, total, milestones, visits, execution } = story;
  const why = reason === undefined || reason === 'none' ? '' : ` (${reason})`;
  const width = Math.max(0, ...milestones.map(({ name }) => name.length));
  return [
    `${bold(orderId)}  ${status}${why}${total === undefined ? '' : `  ${total}`}`,
    '',
    ...milestones.map(({ at, name, detail = '' }) =>
      `  ${dim(at.toISOString())}  ${name.padEnd(width)}  ${detail}`.trimEnd(),
    ),
    '',
    execution === undefined ? 'no execution: send the order to ReceiveOrder again' : `execution ${execution}`,
    ...visits.flatMap(({ state, at, failures }, index) => [
      `  ${index === 0 ? '●' : '↓'} ${state}  ${dim(sinceStart(at, visits[0]?.at ?? at))}`,
      ...failures.map((failure) => `      ${red(failure)}`),
    ]),
  ];
}

function sinceStart(at: Date, start: Date): string {
  return `+${((at.getTime() - start.getTime()) / 1_000).toFixed(1)} s`;
}
