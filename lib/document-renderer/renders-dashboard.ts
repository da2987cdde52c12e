import { Duration } from 'aws-cdk-lib';
import { Dashboard, type IWidget, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { serviceMetric } from '../constructs/service-metric';

export interface RendersDashboardProps {
  readonly requests: IQueue;
  readonly failures: IQueue;
  readonly renderDocument: IFunction;
  /**
   * Machine of documents that outgrow the function.
   *
   * @default none: they are refused
   */
  readonly largeRenders?: IStateMachine;
}

const period = Duration.minutes(1);

const outcomes = ['Rendered', 'Reused', 'Refused', 'Failed'];

/** Dashboard of the renderer: waiting requests, their outcomes, the function's invocations, and large documents. */
export class RendersDashboard extends Construct {
  constructor(scope: Construct, id: string, props: RendersDashboardProps) {
    super(scope, id);
    const { requests, failures, renderDocument, largeRenders } = props;
    const waiting = { period, statistic: 'Maximum' };
    const sum = { period, statistic: 'Sum' };
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          graph('Requests waiting', [
            requests.metricApproximateNumberOfMessagesVisible(waiting),
            requests.metricApproximateNumberOfMessagesNotVisible(waiting),
          ]),
          graph('Age of the oldest request (s)', [requests.metricApproximateAgeOfOldestMessage(waiting)]),
          graph('Failures', [failures.metricApproximateNumberOfMessagesVisible(waiting)]),
        ],
        [
          graph(
            'Outcomes of requests',
            [...outcomes, ...(largeRenders === undefined ? [] : ['Outgrown'])].map((metricName) =>
              serviceMetric(this, metricName, sum),
            ),
          ),
          graph('RenderDocument: requests', [
            renderDocument.metricInvocations(sum),
            renderDocument.metricErrors(sum),
            renderDocument.metricThrottles(sum),
          ]),
          graph('RenderDocument: duration (ms)', [
            renderDocument.metricDuration({ period, statistic: 'p50' }),
            renderDocument.metricDuration({ period, statistic: 'p99' }),
          ]),
        ],
        largeRenders === undefined ? [] : [executions(largeRenders, sum)],
      ],
    });
  }
}

function executions(machine: IStateMachine, sum: MetricOptions): IWidget {
  return graph('Large documents: executions', [
    machine.metricStarted(sum),
    machine.metricSucceeded(sum),
    machine.metricFailed(sum),
    machine.metricTimedOut(sum),
    machine.metricAborted(sum),
  ]);
}
