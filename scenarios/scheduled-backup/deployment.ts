import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';

/** The deployed stack: its names, and the clients to reach it. */
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
 * A day of long ago, so that no check meets a real backup or has one pruned, and none meets another's.
 *
 * @param offset days after the check's first
 */
export function longAgo(run: ScenarioRun): (offset: number) => string {
  const first = Date.UTC(1971, 0, 1) + Math.floor(run.random() * 9_000) * 86_400_000;
  return (offset) => new Date(first + offset * 86_400_000).toISOString().slice(0, 10);
}
