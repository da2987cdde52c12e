import { Duration } from 'aws-cdk-lib';
import { Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';

export interface StreamAlarmsProps {
  readonly topic: ITopic;
  readonly readings: IStream;
  readonly consumers: Readonly<Record<string, { readonly function: IFunction; readonly mapping: EventSourceMapping }>>;
  readonly lateAfterSeconds: number;
}

/** Alarms on what is late, what was given up, and what Kinesis throttles. */
export class StreamAlarms extends Construct {
  constructor(scope: Construct, id: string, props: StreamAlarmsProps) {
    super(scope, id);
    const { topic, readings, consumers, lateAfterSeconds } = props;
    for (const [name, { function: consumer, mapping }] of Object.entries(consumers)) {
      const runbook = name.toLowerCase();
      this.late(`${name}Late`, topic, `${runbook}-late`, `${name} processes`, lateAfterSeconds, iteratorAge(consumer));
      new RunbookAlarm(this, `${name}Failures`, {
        topic,
        runbook: 'failures',
        meaning: `Records that ${name} could not process are in Failures.`,
        metric: mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
        threshold: 1,
        evaluationPeriods: 1,
      });
      new RunbookAlarm(this, `${name}Lost`, {
        topic,
        runbook: 'records-lost',
        meaning: `Records of ${name} were dropped: neither processed nor in Failures.`,
        metric: mappingMetric(mapping, 'DroppedEventCount'),
        threshold: 1,
        evaluationPeriods: 1,
      });
    }
    const age = readings.metricGetRecordsIteratorAgeMilliseconds({ period: Duration.minutes(1), statistic: 'Maximum' });
    this.late('ReadingsLate', topic, 'readings-late', 'a reader of Readings is at', lateAfterSeconds, age);
    this.throttled(
      'ReadingsReadsThrottled',
      topic,
      'reads',
      readings.metricReadProvisionedThroughputExceeded({ period: alarmPeriod, statistic: 'Sum' }),
    );
    this.throttled(
      'ReadingsWritesThrottled',
      topic,
      'writes',
      readings.metricWriteProvisionedThroughputExceeded({ period: alarmPeriod, statistic: 'Sum' }),
    );
  }

  private late(id: string, topic: ITopic, runbook: string, what: string, seconds: number, metric: IMetric): void {
    new RunbookAlarm(this, id, {
      topic,
      runbook,
      meaning: `The last record that ${what} is ${seconds} s old or older.`,
      metric,
      threshold: seconds * 1_000,
      evaluationPeriods: 3,
    });
  }

  private throttled(id: string, topic: ITopic, what: string, metric: IMetric): void {
    new RunbookAlarm(this, id, {
      topic,
      runbook: `${what}-throttled`,
      meaning: `Kinesis throttles ${what} of Readings, for 15 minutes.`,
      metric,
      threshold: 1,
      evaluationPeriods: 3,
    });
  }
}

function iteratorAge(consumer: IFunction): IMetric {
  return consumer.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics */
function mappingMetric(mapping: EventSourceMapping, metricName: string): IMetric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
    statistic: 'Sum',
    period: alarmPeriod,
  });
}
