import { Duration } from 'aws-cdk-lib';
import { TreatMissingData, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricDimension, type MetricName } from '../../lambda/gitops-pipeline/metric-names';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { serviceMetric } from '../constructs/service-metric';
import type { GitopsPipelineSettings } from './gitops-pipeline-settings';

export interface PipelineAlarmsProps {
  readonly topic: ITopic;
  readonly runs: TableV2;
  readonly settings: GitopsPipelineSettings;
}

/** Alarms on what the sweep measures: runs that do not end, and heads whose event was lost. */
export class PipelineAlarms extends Construct {
  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    const { topic, runs, settings } = props;
    // Two sweeps, so that each period has a data point.
    const period = Duration.minutes(2 * settings.sweepMinutes);
    new RunbookAlarm(this, 'Late', {
      topic,
      runbook: 'run-late',
      meaning: `A run has been open for ${settings.lateMinutes} minutes or longer.`,
      metric: metricOf('OldestOpenRun', runs, period, 'Maximum'),
      threshold: settings.lateMinutes * 60,
      evaluationPeriods: 1,
      // Without data the state stays: a run does not end because a sweep is missing.
      treatMissingData: TreatMissingData.IGNORE,
    });
    new RunbookAlarm(this, 'Unannounced', {
      topic,
      runbook: 'head-without-run',
      meaning: 'The head of a branch had no run: the event of a push was lost, and the sweep has started the run.',
      metric: metricOf('HeadsWithoutRun', runs, period, 'Sum'),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }
}

function metricOf(metricName: MetricName, runs: TableV2, period: Duration, statistic: string): Metric {
  return serviceMetric(runs, metricName, { dimensionsMap: { [metricDimension]: runs.tableName }, statistic, period });
}
