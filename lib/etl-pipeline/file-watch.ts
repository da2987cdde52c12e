import { Duration, type Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { watchedIndexName } from '../../lambda/etl-pipeline/file';
import type { Config } from '../config';
import { ServiceFunction } from '../constructs/service-function';
import { watchInterval } from './etl-alarms';

export interface FileWatchProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly files: TableV2;
  readonly rows: TableV2;
  /** Receives events of the schedule that failed for good; the redrive deletes them. */
  readonly deadLetters: Queue;
}

/** Adds the function that measures the backlog, and its schedule. */
export function addFileWatch(stack: Stack, { config, topic, files, rows, deadLetters }: FileWatchProps): void {
  const watchFiles = new ServiceFunction(stack, 'WatchFiles', {
    config,
    topic,
    handlerFile: 'etl-pipeline/watch-files',
    description: 'Counts files that have reached no end',
    timeout: Duration.seconds(30),
    memorySize: 256,
    environment: { FILES_TABLE_NAME: files.tableName, ROWS_TABLE_NAME: rows.tableName },
    retryAttempts: 2,
    maxEventAge: watchInterval,
    // CDK's SqsDestination grants three actions, and Lambda uses one.
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
  watchFiles.allow(['sqs:SendMessage'], deadLetters.queueArn);
  watchFiles.allow(['dynamodb:Query'], `${files.tableArn}/index/${watchedIndexName}`);
  new Rule(stack, 'EveryFewMinutes', {
    description: 'Counts the files that have reached no end',
    schedule: Schedule.rate(watchInterval),
    targets: [
      new LambdaFunction(watchFiles.function, {
        deadLetterQueue: deadLetters,
        retryAttempts: 2,
        maxEventAge: watchInterval,
      }),
    ],
  });
}
