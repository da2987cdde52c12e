import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { emptyBucket } from './empty-bucket';
import type { FoundBucket, PurgeClients, Remains } from './find-remains';

export interface PurgeRun {
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
  /** Asks for a text to be typed; returns whether it was. */
  readonly confirm: (what: string, text: string) => Promise<boolean>;
}

/**
 * Empties the buckets, and after the stack's deletion deletes them and its log groups.
 *
 * @returns whether nothing is left that it could delete
 */
export async function purge(clients: PurgeClients, remains: Remains, run: PurgeRun): Promise<boolean> {
  let complete = true;
  for (const bucket of remains.buckets) {
    complete = (await purgeBucket(clients, bucket, remains.status === undefined, run)) && complete;
  }
  const { logGroups, stack } = remains;
  if (logGroups.length === 0) return complete;
  if (!(await run.confirm(`delete ${logGroups.length} log groups of ${stack}`, stack))) return false;
  for (const { name } of logGroups) {
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName: name }));
    run.say(`deleted log group ${name}`);
  }
  return complete;
}

async function purgeBucket(
  { s3, account }: PurgeClients,
  { name, content, refusal }: FoundBucket,
  isStackDeleted: boolean,
  { signal, say, confirm }: PurgeRun,
): Promise<boolean> {
  if (refusal !== undefined) return false;
  if (content.entries === 0 && !isStackDeleted) return true;
  const what = `${isStackDeleted ? 'delete' : 'empty'} bucket ${name} with ${describeContent(content)}`;
  if (!(await confirm(what, name))) return false;
  let reported = 0;
  const onProgress = (deleted: number): void => {
    if (deleted - reported < 50_000) return;
    reported = deleted;
    say(`  ${deleted.toLocaleString('en-US')} deleted so far`);
  };
  const deleted = await emptyBucket({ s3, bucket: name, owner: account, onProgress, ...(signal && { signal }) });
  if (isStackDeleted) await s3.send(new DeleteBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
  say(`${isStackDeleted ? 'deleted' : 'emptied'} bucket ${name} (${deleted.toLocaleString('en-US')} entries)`);
  return true;
}

/** Lines for a person: what a purge would delete, and what stays. */
export function describeRemains({ stack, status, buckets, logGroups, kept }: Remains): string[] {
  return [
    `${stack} ${status === undefined ? 'is not deployed' : `has the status ${status}`}`,
    ...buckets.map(({ name, content, refusal }) =>
      refusal === undefined
        ? `  bucket ${name}: ${describeContent(content)}`
        : `  bucket ${name}: left alone, ${refusal}`,
    ),
    ...logGroups.map(({ name, bytes, retentionDays }) => {
      const expiry = retentionDays === undefined ? 'never expires' : `expires after ${retentionDays} days`;
      return `  log group ${name}: ${describeBytes(bytes)}, ${expiry}`;
    }),
    ...kept.map(({ type, id, until }) => `  stays: ${type.replace(/^AWS::/, '')} ${id}: ${until}`),
  ];
}

function describeContent({ entries, bytes }: FoundBucket['content']): string {
  return `${entries.toLocaleString('en-US')} versions and delete markers, ${describeBytes(bytes)}`;
}

function describeBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** power).toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${units[power] ?? ''}`;
}
