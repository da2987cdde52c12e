import { Duration } from 'aws-cdk-lib';
import { TreatMissingData, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricDimension, type MetricName } from '../../lambda/etl-pipeline/metric-names';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { serviceMetric } from '../constructs/service-metric';

/** Interval at which the backlog is measured; an alarm's period is two of them, so that it has a data point. */
export const watchInterval = Duration.minutes(5);

export interface EtlAlarmsProps {
  readonly topic: ITopic;
  readonly rows: TableV2;
  readonly lateMinutes: number;
  readonly alarmRejectPercent: number;
}

/** Alarms on what the functions measure: quarantined files, many rejected rows, files that reach no end. */
export class EtlAlarms extends Construct {
  constructor(scope: Construct, id: string, props: EtlAlarmsProps) {
    super(scope, id);
    const { topic, rows, lateMinutes, alarmRejectPercent } = props;
    new RunbookAlarm(this, 'Quarantined', {
      topic,
      runbook: 'file-quarantined',
      meaning: 'A file was quarantined, and nothing of it was loaded.',
      metric: metricOf('QuarantinedFiles', rows, { statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Rejects', {
      topic,
      runbook: 'rows-rejected',
      meaning: `${alarmRejectPercent} % of the rows of a file or more were rejected.`,
      metric: metricOf('RejectPercent', rows, { statistic: 'Maximum' }),
      threshold: alarmRejectPercent,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Late', {
      topic,
      runbook: 'files-late',
      meaning: `A file has been under way, or failed, for ${lateMinutes} minutes or longer.`,
      metric: metricOf('OldestOpenFile', rows, {
        statistic: 'Maximum',
        period: Duration.minutes(2 * watchInterval.toMinutes()),
      }),
      threshold: lateMinutes * 60,
      evaluationPeriods: 1,
      // Without data the state stays: a file does not end because a count is missing.
      treatMissingData: TreatMissingData.IGNORE,
    });
  }
}

/** Metric that the functions publish, with the table as its dimension. */
export function metricOf(
  metricName: MetricName,
  rows: TableV2,
  { statistic, period = alarmPeriod }: { readonly statistic: string; readonly period?: Duration },
): Metric {
  return serviceMetric(rows, metricName, { dimensionsMap: { [metricDimension]: rows.tableName }, statistic, period });
}
