import type { Template } from '../template/template';

/** What brings the cause of an alarm about in the local run: checks by their names, or nothing, and why. */
export type Cause = { readonly causedBy: readonly string[] } | { readonly notHere: string };

/** By the heading in the runbook: `scenarios/<slug>/alarm-causes.json`. */
export type Causes = Readonly<Record<string, Cause>>;

/** The alarms of one heading. */
export interface AlarmRow {
  /** As GitHub writes its anchor. */
  readonly heading: string;
  readonly alarms: number;
  /** `AWS/SQS ApproximateAgeOfOldestMessage, Maximum ≥ 900 in 3 × 1 min`. */
  readonly raisedAt: string;
  /** Undefined where nobody has said. */
  readonly cause: Cause | undefined;
}

interface Alarm {
  readonly AlarmDescription?: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly Period?: number;
  readonly EvaluationPeriods?: number;
}

/** The alarms of a template by their headings, in the template's order; each with its cause, or the reason that its kind has. */
export function alarmRows({ Resources }: Template, causes: Causes): AlarmRow[] {
  const alarms = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => (Properties ?? {}) as Alarm);
  const byHeading = Map.groupBy(alarms, headingOf);
  return [...byHeading].map(([heading, [first = {}, ...others]]) => ({
    heading,
    alarms: 1 + others.length,
    raisedAt: raisedAt(first),
    cause: causes[heading] ?? reasonOfKind(first),
  }));
}

/** Entries that no alarm of the templates has. */
export function staleCauses(rows: readonly AlarmRow[], causes: Causes): string[] {
  return Object.keys(causes).filter((heading) => !rows.some((row) => row.heading === heading));
}

function headingOf({ AlarmDescription = '' }: Alarm): string {
  return AlarmDescription.replace(/^.*#/, '');
}

const signs: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '≥',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

function raisedAt(alarm: Alarm): string {
  const { Namespace, MetricName, Threshold = 0, ComparisonOperator = '', Period = 0, EvaluationPeriods = 1 } = alarm;
  if (MetricName === undefined) return 'several metrics together';
  const statistic = alarm.Statistic ?? alarm.ExtendedStatistic ?? '';
  const times = EvaluationPeriods === 1 ? '' : `${EvaluationPeriods} × `;
  const figure = `${statistic} ${signs[ComparisonOperator] ?? ComparisonOperator} ${Threshold.toLocaleString('en-US')}`;
  return `${Namespace ?? ''} ${MetricName}, ${figure} in ${times}${Period / 60} min`;
}

/** What holds for every alarm on a metric, whichever architecture it is of. */
function reasonOfKind({ Namespace, MetricName = '', Threshold = 0 }: Alarm): Cause | undefined {
  if (MetricName === 'Throttles')
    return { notHere: 'a local run lends functions all the concurrency that they ask for' };
  if (MetricName === 'Duration') return { notHere: 'no proof makes an invocation take that long' };
  if (MetricName === 'ExecutionsTimedOut') return { notHere: 'the emulator does not end a machine at its own timeout' };
  if (MetricName === 'ApproximateAgeOfOldestMessage' && Threshold >= 900) {
    return { notHere: 'no proof leaves a message waiting that long' };
  }
  if (Namespace === 'AWS/RDS') return { notHere: 'the server of a local run is none of RDS, which counts this' };
  return undefined;
}
