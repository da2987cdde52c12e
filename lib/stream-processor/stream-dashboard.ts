import { Duration } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { serviceMetric } from '../constructs/service-metric';

export interface StreamDashboardProps {
  readonly readings: IStream;
  readonly consumers: readonly IFunction[];
}

const period = Duration.minutes(1);

/** Dashboard of the streams: their age, outcomes of records, and the functions' invocations. */
export class StreamDashboard extends Construct {
  constructor(scope: Construct, id: string, props: StreamDashboardProps) {
    super(scope, id);
    const { readings, consumers } = props;
    const sum = { period, statistic: 'Sum' };
    const most = { period, statistic: 'Maximum' };
    const ours = (...names: string[]) => names.map((name) => serviceMetric(this, name, sum));
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          graph(
            'Age of the last processed record (ms)',
            consumers.map((one) => one.metric('IteratorAge', most)),
          ),
          graph('Readings', ours('ReadingsAdded', 'ReadingsRepeated', 'ReadingsLate')),
          graph('Changes', ours('ChangesProjected', 'ChangesOvertaken', 'EventsPublished')),
        ],
        [
          graph('Records in Kinesis', [readings.metricIncomingRecords(sum), readings.metricGetRecordsSuccess(sum)]),
          graph(
            'Errors',
            consumers.map((one) => one.metricErrors(sum)),
          ),
          graph(
            'Duration (ms, p99)',
            consumers.map((one) => one.metricDuration({ period, statistic: 'p99' })),
          ),
        ],
      ],
    });
  }
}
