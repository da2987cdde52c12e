import { Duration, Validations } from 'aws-cdk-lib';
import type { Repository } from 'aws-cdk-lib/aws-codecommit';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Config } from '../config';
import type { PrivateBucket } from '../constructs/private-bucket';
import type { ServiceFunction, ServiceFunctionProps } from '../constructs/service-function';
import type { BuildProjects } from './build-projects';
import type { GitopsPipelineSettings } from './gitops-pipeline-settings';
import type { ReportsTopic } from './reports-topic';

export interface PipelineResources {
  readonly config: Config;
  readonly settings: GitopsPipelineSettings;
  readonly topic: ITopic;
  readonly reports: ReportsTopic;
  readonly runs: TableV2;
  readonly artifacts: PrivateBucket;
  readonly repository: Repository;
  readonly projects: BuildProjects;
  readonly signingKey: Key;
}

export type FunctionOptions = Pick<ServiceFunctionProps, 'description'> & Partial<ServiceFunctionProps>;

/** Properties of a function of the pipeline; its alarms share headings of the runbook. */
export function functionProps(
  { config, topic, runs }: PipelineResources,
  file: string,
  { environment, ...options }: FunctionOptions,
): ServiceFunctionProps {
  return {
    config,
    topic,
    runbook: 'function',
    handlerFile: `gitops-pipeline/${file}`,
    timeout: Duration.seconds(30),
    memorySize: 256,
    environment: { RUNS_TABLE_NAME: runs.tableName, ...environment },
    ...options,
  };
}

/** Marks a function as one that the state machine invokes. */
export function asStep(step: ServiceFunction): ServiceFunction {
  Validations.of(step.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'A state machine invokes it, waits for the result, retries failures, and reports the last one.',
  });
  return step;
}
