import { stackOutputs } from '../measuring/stack-outputs';

/** The stack that is measured. */
export interface Deployed {
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly machine: string;
}

/** The stack that the environment names, or undefined where it names none. */
export function deployed(): Deployed | undefined {
  const { SourceBucketName, BackupBucketName, BackupStateMachineArn } = stackOutputs('ScheduledBackup') ?? {};
  if (SourceBucketName === undefined || BackupBucketName === undefined || BackupStateMachineArn === undefined) {
    return undefined;
  }
  return { sourceBucket: SourceBucketName, backupBucket: BackupBucketName, machine: BackupStateMachineArn };
}
