import { existsSync, readFileSync } from 'node:fs';

/** The stack that is measured. */
export interface Deployed {
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly machine: string;
}

/** The stack that the environment names, or undefined where it names none. */
export function deployed(): Deployed | undefined {
  const file = process.env['OUTPUTS'] ?? '.local/outputs.json';
  if (!existsSync(file) || (process.env['OUTPUTS'] === undefined && process.env['AWS_ENDPOINT_URL'] === undefined)) {
    return undefined;
  }
  const stacks = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>;
  const outputs = stacks['ScheduledBackup'];
  const { SourceBucketName, BackupBucketName, BackupStateMachineArn } = outputs ?? {};
  if (SourceBucketName === undefined || BackupBucketName === undefined || BackupStateMachineArn === undefined) {
    return undefined;
  }
  return { sourceBucket: SourceBucketName, backupBucket: BackupBucketName, machine: BackupStateMachineArn };
}
