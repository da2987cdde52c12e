import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { stackName } from '../../lib/stack-name';
import { UsageError, parseOptions } from '../command-line/command';
import { stopOnSignal, withExplanation, type Operation } from '../command-line/operation';
import { stageOf } from '../command-line/stack-outputs';
import { typed } from '../command-line/typed';
import { findRemains, type PurgeClients, type Remains } from './find-remains';
import { describeRemains, purge, type PurgeRun } from './purge';

const help = (
  slug: string,
): string => `Empties the buckets of ${slug}'s stack and removes what its deletion left behind.

  npm run ops -- ${slug} purge [options]

  --delete         deletes, after you have typed the name of each bucket
  --yes            deletes without asking
  --stage <stage>  sandbox or prod (default sandbox)
  --help           this text

Without --delete it changes nothing and says what it would delete: versions and delete markers of buckets, and after the stack's
deletion (up to 90 days) its buckets and log groups. It names what stays, such as keys and snapshots, and until when.
A bucket with object lock, of another stack or of another account is left alone, and so are the buckets of a deployed prod stack.
After a cdk destroy that failed with "bucket not empty": purge, then destroy again.
Exit code: 0 done, 1 something was left or failed, 2 wrong usage.`;

interface PurgeOptions {
  readonly stack: string;
  readonly stage: string;
  readonly deletes: boolean;
  readonly asks: boolean;
}

/** Operation of every architecture: `npm run ops -- <architecture> purge`. */
export function purgeOperation(id: string, slug: string): Operation {
  return {
    summary: 'empties buckets and removes what a deleted stack left behind',
    run: (args) =>
      withExplanation(
        () => run(id, slug, args),
        (reason) =>
          `purge stopped: ${reason} (run it again for the rest; check AWS_REGION, AWS_PROFILE and the network)`,
      ),
  };
}

/** @throws UsageError with the value received and the fix */
export function readOptions(id: string, args: readonly string[]): PurgeOptions | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      delete: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      stage: { type: 'string', default: 'sandbox' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const stage = stageOf(values.stage);
  return { stack: stackName(id, stage), stage, deletes: values.delete || values.yes, asks: !values.yes };
}

async function run(id: string, slug: string, args: readonly string[]): Promise<number> {
  const options = readOptions(id, args);
  if (options === 'help') {
    console.log(help(slug));
    return 0;
  }
  if (options.deletes && options.asks && !process.stdin.isTTY) {
    throw new UsageError('--delete asks for names, and there is no terminal: use --yes');
  }
  const { Account = '' } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const clients = {
    cloudFormation: new CloudFormationClient({}),
    s3: new S3Client({}),
    logs: new CloudWatchLogsClient({}),
    account: Account,
  };
  const signal = stopOnSignal('stopping after the current requests');
  const confirm: PurgeRun['confirm'] = async (what, text) =>
    !options.asks || typed(`${what}? Type ${text} to confirm: `, text, signal);
  return runPurge(clients, options, { signal, confirm, say: (line) => console.log(line) });
}

/** @returns exit code */
export async function runPurge(clients: PurgeClients, options: PurgeOptions, run: PurgeRun): Promise<number> {
  const remains = await findRemains(clients, options.stack, new Date());
  for (const line of describeRemains(remains)) run.say(line);
  const hasRefusals = remains.buckets.some(({ refusal }) => refusal !== undefined);
  if (isClean(remains)) {
    run.say('nothing to delete');
    return hasRefusals ? 1 : 0;
  }
  if (!options.deletes) {
    run.say('nothing was deleted: add --delete to be asked for each name, or --yes');
    return 0;
  }
  if (options.stage === 'prod' && remains.status !== undefined) {
    throw new UsageError(`${options.stack} is deployed: a prod stack's buckets are emptied after its deletion only`);
  }
  return (await purge(clients, remains, run)) ? 0 : 1;
}

function isClean({ status, buckets, logGroups }: Remains): boolean {
  const isEmpty = buckets.every(
    ({ content, refusal }) => refusal !== undefined || (status !== undefined && content.entries === 0),
  );
  return isEmpty && logGroups.length === 0;
}
