import { Duration } from 'aws-cdk-lib';
import { MathExpression, type Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { stageName } from './documents-api';

export interface ApiAlarmsProps {
  readonly topic: ITopic;
  readonly api: RestApi;
  readonly latencyMilliseconds: number;
}

/** Share of the requests that fail in percent: one in a hundred, so that a single failure of a quiet hour does not alarm. */
const failedPercent = 1;

/** Alarms on what callers notice: failures and slow answers. Refusals are the callers' own. */
export class ApiAlarms extends Construct {
  readonly serverErrors: Alarm;

  constructor(scope: Construct, id: string, props: ApiAlarmsProps) {
    super(scope, id);
    const { topic, api, latencyMilliseconds } = props;
    // Not the stage itself: it requires the alias, whose deployments require the alarm.
    const dimensionsMap = { ApiName: api.restApiName, Stage: stageName };
    const sum = { period: alarmPeriod, statistic: 'Sum', dimensionsMap };
    const serverErrors = new RunbookAlarm(this, 'ServerErrors', {
      topic,
      runbook: 'server-errors',
      meaning: `More than ${failedPercent} % of the requests failed, and at least five of them.`,
      metric: new MathExpression({
        label: 'failed requests in percent',
        // Below five failures the share of a quiet API says little.
        expression: 'IF(failed >= 5, 100 * failed / requests, 0)',
        usingMetrics: {
          failed: api.metricServerError(sum),
          requests: api.metricCount(sum),
        },
        period: alarmPeriod,
      }),
      threshold: failedPercent,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Latency', {
      topic,
      runbook: 'latency',
      meaning: `The slowest hundredth of the requests took more than ${latencyMilliseconds} ms for a quarter of an hour.`,
      metric: api.metricLatency({ period: Duration.minutes(5), statistic: 'p99', dimensionsMap }),
      threshold: latencyMilliseconds,
      evaluationPeriods: 3,
    });
    this.serverErrors = serverErrors.alarm;
  }
}
