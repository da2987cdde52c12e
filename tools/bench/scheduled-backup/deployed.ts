import { stackOutputs } from '../measuring/stack-outputs';

/** Stack to measure. */
export interface Deployed {
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly machine: string;
}

/** Returns the stack that the environment names; undefined if it names none. */
export function deployed(): Deployed | undefined {
  const { SourceBucketName, BackupBucketName, BackupStateMachineArn } = stackOutputs('ScheduledBackup') ?? {};
  if (SourceBucketName === undefined || BackupBucketName === undefined || BackupStateMachineArn === undefined) {
    return undefined;
  }
  return { sourceBucket: SourceBucketName, backupBucket: BackupBucketName, machine: BackupStateMachineArn };
}
