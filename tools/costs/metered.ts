import { propertiesOf, type Resource } from '../template/template';
import { daysAMonth, isOnDemand, type Amount } from './fixed-costs';

type MeterOf = (quantity: number, resource: Resource) => readonly Amount[];

const counted =
  (price: string): MeterOf =>
  (quantity) => [{ price, quantity }];

/**
 * X-Ray samples the first request of each second and five percent of the rest.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 */
const secondsAMonth = 730 * 3_600;
const sampledShare = 0.05;

/** Bytes stored at any time of an amount a month that is kept for so many days. */
function stored(gigabytesAMonth: number, days: number): readonly Amount[] {
  return [{ price: 'bucket-storage', quantity: (gigabytesAMonth / daysAMonth) * days }];
}

interface LifecycleRule {
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

/** Longest days that the lifecycle rules of a bucket keep versions. */
function lifecycleDays(bucket: Resource): { readonly current: number; readonly noncurrent: number } {
  const { LifecycleConfiguration: { Rules = [] } = {} } = propertiesOf(bucket) as {
    LifecycleConfiguration?: { Rules?: readonly LifecycleRule[] };
  };
  return {
    current: Math.max(0, ...Rules.map(({ ExpirationInDays = 0 }) => ExpirationInDays)),
    noncurrent: Math.max(0, ...Rules.map((rule) => rule.NoncurrentVersionExpiration?.NoncurrentDays ?? 0)),
  };
}

/** Meters that a usage profile may name, by resource type: each converts a quantity per month into priced amounts. */
export const metered: Readonly<Record<string, Readonly<Record<string, MeterOf>>>> = {
  'AWS::Lambda::Function': {
    invocations: counted('lambda-requests'),
    /** Billed milliseconds, at the function's memory size and processor architecture. */
    milliseconds: (quantity, resource) => {
      const { MemorySize = 128, Architectures = ['x86_64'] } = propertiesOf(resource) as {
        MemorySize?: number;
        Architectures?: readonly string[];
      };
      const price = `lambda-${Architectures[0] ?? 'x86_64'}`;
      return [{ price, quantity: (quantity / 1_000) * (MemorySize / 1_024) }];
    },
    logKilobytes: (quantity) => [{ price: 'logs-ingested', quantity: quantity / 1_000_000 }],
    /** Requests before sampling. */
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
  'AWS::Kinesis::Stream': {
    /** Records, in units of 25 KB each; on demand, their bytes count. */
    payloads: (quantity, stream) => (isOnDemand(stream) ? [] : [{ price: 'stream-payloads', quantity }]),
    gigabytes: (quantity, stream) => (isOnDemand(stream) ? [{ price: 'on-demand-gigabytes', quantity }] : []),
  },
  'AWS::SNS::Topic': { publishes: counted('topic-publishes'), emails: counted('topic-emails') },
  'AWS::S3::Bucket': {
    writes: counted('bucket-writes'),
    reads: counted('bucket-reads'),
    gigabytes: counted('bucket-storage'),
    /** GB that are deleted or replaced in a month: they are stored on as noncurrent versions. */
    deletedGigabytes: (quantity, bucket) => stored(quantity, lifecycleDays(bucket).noncurrent),
    /** GB that are written in a month and expire: until then they are stored, and on as noncurrent versions. */
    expiringGigabytes: (quantity, bucket) => {
      const { current, noncurrent } = lifecycleDays(bucket);
      return stored(quantity, current + noncurrent);
    },
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
  'AWS::ApiGateway::RestApi': { requests: counted('api-requests') },
  'AWS::Cognito::UserPool': { activeUsers: counted('pool-users') },
  'AWS::Events::EventBus': { events: counted('events') },
  'AWS::Scheduler::Schedule': { invocations: counted('schedule-invocations') },
  'AWS::EC2::FlowLog': { logKilobytes: (quantity) => [{ price: 'logs-ingested', quantity: quantity / 1_000_000 }] },
};
