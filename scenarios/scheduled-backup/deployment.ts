import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';

/** Deployed stack: names of its resources, and clients. */
export interface Deployment {
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly backupMachine: string;
  readonly restoreMachine: string;
}

export function readDeployment(run: ScenarioRun): Deployment {
  return {
    s3: new S3Client({}),
    stepFunctions: new SFNClient({}),
    sourceBucket: run.output('SourceBucketName'),
    backupBucket: run.output('BackupBucketName'),
    backupMachine: run.output('BackupStateMachineArn'),
    restoreMachine: run.output('RestoreStateMachineArn'),
  };
}

/**
 * Returns days long past, so that a check uses neither the days of real backups nor those of another check.
 *
 * @param offsets days after the check's first
 */
export function pastDays(run: ScenarioRun, offsets: readonly number[]): string[] {
  const first = Date.UTC(1971, 0, 1) + Math.floor(run.random() * 9_000) * 86_400_000;
  return offsets.map((offset) => new Date(first + offset * 86_400_000).toISOString().slice(0, 10));
}
