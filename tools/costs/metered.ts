import { propertiesOf, type Resource } from '../template/template';
import type { Amount } from './standing';

type MeterOf = (quantity: number, resource: Resource) => readonly Amount[];

const counted =
  (price: string): MeterOf =>
  (quantity) => [{ price, quantity }];

/**
 * X-Ray keeps the first request of each second and five percent of the rest.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 */
const secondsAMonth = 730 * 3_600;
const sampledShare = 0.05;

/** What a usage profile may count of a resource, by its type: each meter makes amounts out of a quantity a month. */
export const metered: Readonly<Record<string, Readonly<Record<string, MeterOf>>>> = {
  'AWS::Lambda::Function': {
    invocations: counted('lambda-requests'),
    /** Billed milliseconds in all, at the function's memory and processor. */
    milliseconds: (quantity, resource) => {
      const { MemorySize = 128, Architectures = ['x86_64'] } = propertiesOf(resource) as {
        MemorySize?: number;
        Architectures?: readonly string[];
      };
      const price = `lambda-${Architectures[0] ?? 'x86_64'}`;
      return [{ price, quantity: (quantity / 1_000) * (MemorySize / 1_024) }];
    },
    logKilobytes: (quantity) => [{ price: 'logs-ingested', quantity: quantity / 1_000_000 }],
    /** Requests that a trace may begin with, before sampling. */
    traces: (quantity) => {
      const first = Math.min(quantity, secondsAMonth);
      return [{ price: 'traces', quantity: first + (quantity - first) * sampledShare }];
    },
    customMetrics: counted('custom-metrics'),
  },
  'AWS::SQS::Queue': {
    requests: (quantity, resource) => [
      { price: propertiesOf(resource)['FifoQueue'] === true ? 'fifo-queue-requests' : 'queue-requests', quantity },
    ],
  },
  'AWS::SNS::Topic': { publishes: counted('topic-publishes'), emails: counted('topic-emails') },
  'AWS::S3::Bucket': {
    writes: counted('bucket-writes'),
    reads: counted('bucket-reads'),
    gigabytes: counted('bucket-storage'),
  },
  'AWS::DynamoDB::GlobalTable': {
    writes: counted('table-writes'),
    reads: counted('table-reads'),
    gigabytes: (quantity) => [
      { price: 'table-storage', quantity },
      { price: 'table-recovery', quantity },
    ],
  },
  'AWS::StepFunctions::StateMachine': {
    transitions: counted('state-transitions'),
    logKilobytes: (quantity) => [{ price: 'logs-ingested', quantity: quantity / 1_000_000 }],
  },
  'AWS::Events::EventBus': { events: counted('events') },
  'AWS::Scheduler::Schedule': { invocations: counted('schedule-invocations') },
  'AWS::EC2::FlowLog': { logKilobytes: (quantity) => [{ price: 'logs-ingested', quantity: quantity / 1_000_000 }] },
};
