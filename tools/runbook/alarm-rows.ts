import type { Template } from '../template/template';

/** Names of the checks that cause an alarm's condition in the local run, or the reason why none does. */
export type Cause = { readonly causedBy: readonly string[] } | { readonly notHere: string };

/** Causes by heading of the runbook: `scenarios/<slug>/alarm-causes.json`. */
export type Causes = Readonly<Record<string, Cause>>;

/** Alarms that share a heading of the runbook. */
export interface AlarmRow {
  /** Anchor of the heading, as GitHub writes it. */
  readonly heading: string;
  readonly alarms: number;
  /** `AWS/SQS ApproximateAgeOfOldestMessage, Maximum ≥ 900 in 3 × 1 min`. */
  readonly raisedAt: string;
  /** Undefined if neither the architecture nor the kind of alarm gives one. */
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
  readonly Metrics?: readonly {
    readonly Label?: string;
    readonly MetricStat?: { readonly Metric: Alarm; readonly Period: number; readonly Stat: string };
  }[];
}

/** Alarms of a template by heading, in the template's order, each with the cause that the architecture or its kind gives. */
export function alarmRows({ Resources }: Template, causes: Causes): AlarmRow[] {
  const alarms = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => asOneMetric((Properties ?? {}) as Alarm));
  const byHeading = Map.groupBy(alarms, headingOf);
  return [...byHeading].map(([heading, ofHeading]) => ({
    heading,
    alarms: ofHeading.length,
    raisedAt: [...new Set(ofHeading.map(raisedAt))].join('; '),
    cause: causes[heading] ?? reasonOfKind(ofHeading[0] ?? {}),
  }));
}

/** Headings with a cause but without an alarm. */
export function staleCauses(rows: readonly AlarmRow[], causes: Causes): string[] {
  return Object.keys(causes).filter((heading) => !rows.some((row) => row.heading === heading));
}

function headingOf({ AlarmDescription = '' }: Alarm): string {
  return AlarmDescription.replace(/^.*#/, '');
}

/** An alarm on metric math as if it were on one metric with the label of the expression. */
function asOneMetric(alarm: Alarm): Alarm {
  const { Metrics = [], ...others } = alarm;
  const label = Metrics.find(({ Label }) => Label !== undefined)?.Label;
  const first = Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat;
  if (label === undefined || first === undefined) return others;
  const { Metric, Period, Stat } = first;
  return { ...others, Namespace: Metric.Namespace ?? '', MetricName: label, Statistic: Stat, Period };
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
  const threshold = `${statistic} ${signs[ComparisonOperator] ?? ComparisonOperator} ${Threshold.toLocaleString('en-US')}`;
  const period = Period % 3_600 === 0 ? `${Period / 3_600} h` : `${Period / 60} min`;
  return `${Namespace ?? ''} ${MetricName}, ${threshold} in ${times}${period}`;
}

/** Reason that applies to every alarm on a metric, in any architecture. */
function reasonOfKind({
  Namespace,
  MetricName = '',
  Threshold = 0,
  Period = 0,
  EvaluationPeriods = 1,
}: Alarm): Cause | undefined {
  if (MetricName === 'Throttles') return { notHere: 'the local run does not limit concurrency' };
  if (MetricName === 'Duration') return { notHere: 'no proof makes an invocation that slow' };
  if (MetricName === 'ExecutionsTimedOut') return { notHere: 'the emulator ignores the timeout of a state machine' };
  const waits = MetricName === 'ApproximateAgeOfOldestMessage' ? Threshold : Period * EvaluationPeriods;
  if (Namespace === 'AWS/SQS' && waits >= 900) return { notHere: 'no proof lets a message wait that long' };
  if (Namespace === 'AWS/RDS') return { notHere: 'the database server of a local run does not publish metrics of RDS' };
  return undefined;
}
