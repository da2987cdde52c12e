import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  TreatMissingData,
  type CreateAlarmOptions,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { slugOf } from '../stack-name';

export interface RunbookAlarmProps extends Omit<
  CreateAlarmOptions,
  'alarmName' | 'alarmDescription' | 'actionsEnabled'
> {
  readonly metric: IMetric;
  readonly topic: ITopic;
  /** Meaning of the alarm, in one sentence. */
  readonly meaning: string;
  /** Heading on the architecture's page in `docs/runbook/`, as GitHub writes anchors. */
  readonly runbook: string;
}

/**
 * Alarm whose notification says what has happened and links to the runbook.
 *
 * @default at or above the threshold; missing data does not breach
 */
export class RunbookAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id);
    const { topic, meaning, runbook, ...options } = props;
    const page = `docs/runbook/${slugOf(Stack.of(scope).node.id)}.md`;
    // 'Default' is left out of logical ids: the alarm has that of this construct.
    this.alarm = new Alarm(this, 'Default', {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...options,
      alarmDescription: `${meaning} What to do: ${page}#${runbook}`,
    });
    this.alarm.addAlarmAction(new SnsAction(topic));
  }
}

/** Period of counts: five minutes is the longest that still notifies a person soon. */
export const alarmPeriod = Duration.minutes(5);
