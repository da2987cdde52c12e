import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  TreatMissingData,
  type CreateAlarmOptions,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface RunbookAlarmProps extends Omit<
  CreateAlarmOptions,
  'alarmName' | 'alarmDescription' | 'actionsEnabled'
> {
  readonly metric: IMetric;
  readonly topic: ITopic;
  /** What has happened when it is raised, in one sentence. */
  readonly meaning: string;
  /** The heading in `docs/runbook.md` that says what to do, as GitHub writes anchors. */
  readonly runbook: string;
}

/**
 * An alarm that tells its topic what has happened and where it is written what to do.
 *
 * @default at or above the threshold for one period; missing data is good news
 */
export class RunbookAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    const { topic, meaning, runbook, ...options } = props;
    super(scope, id, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...options,
      alarmDescription: `${meaning} What to do: docs/runbook.md#${runbook}`,
    });
    this.addAlarmAction(new SnsAction(topic));
  }
}

/** The period over which alarms look at counts: five minutes, the longest that still tells a person soon. */
export const alarmPeriod = Duration.minutes(5);
