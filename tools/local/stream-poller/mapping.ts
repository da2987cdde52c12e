import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { filterOf, type EventFilter } from './event-filter';

/** Settings of a stream's event source mapping, with AWS's defaults. */
export interface StreamMapping {
  readonly uuid: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  readonly parallelization: number;
  readonly bisects: boolean;
  /** Infinity: retries continue until the record expires. */
  readonly maximumRetries: number;
  /** Infinity: no record is too old. */
  readonly maximumAgeMilliseconds: number;
  readonly reportsItemFailures: boolean;
  /** A record that matches none is skipped; without filters every record is processed. */
  readonly filters: readonly EventFilter[];
  /** ARN of the on-failure destination: a queue or a bucket. */
  readonly destination: string | undefined;
}

/**
 * Returns the settings of a mapping whose source is a stream, or undefined for another source.
 *
 * Defaults: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 *
 * @throws Error for a setting that the stand-in does not carry out
 */
export function readMapping(configuration: EventSourceMappingConfiguration): StreamMapping | undefined {
  const { UUID = '', EventSourceArn: streamArn = '', FunctionArn: functionArn = '' } = configuration;
  if (!/^arn:[^:]+:(kinesis|dynamodb):/.test(streamArn)) return undefined;
  const filters = (configuration.FilterCriteria?.Filters ?? []).map(({ Pattern = '{}' }) => filterOf(Pattern));
  if (filters.length > 0 && streamArn.includes(':kinesis:')) {
    throw new Error(
      `mapping ${UUID} filters a Kinesis stream, which the local run does not do: filter in the function`,
    );
  }
  return {
    uuid: UUID,
    functionArn,
    streamArn,
    startingPosition: configuration.StartingPosition === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    batchSize: configuration.BatchSize ?? 100,
    windowMilliseconds: (configuration.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
    parallelization: configuration.ParallelizationFactor ?? 1,
    bisects: configuration.BisectBatchOnFunctionError ?? false,
    maximumRetries: limitOf(configuration.MaximumRetryAttempts),
    maximumAgeMilliseconds: limitOf(configuration.MaximumRecordAgeInSeconds) * 1_000,
    reportsItemFailures: (configuration.FunctionResponseTypes ?? []).includes('ReportBatchItemFailures'),
    filters,
    destination: configuration.DestinationConfig?.OnFailure?.Destination,
  };
}

/** -1 means without a limit. */
function limitOf(value: number | undefined): number {
  return value === undefined || value < 0 ? Infinity : value;
}
