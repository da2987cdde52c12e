import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout } from 'node:timers/promises';
import { stackName } from '../../lib/stack-name';
import { parseOptions, UsageError } from '../command-line/command';
import { stopOnSignal } from '../command-line/operation';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { backfill } from './backfill';

/** Days that CloudTrail keeps its event history. */
const historyDays = 90;

const help = `Tags what was created before the stack was deployed, or while no trail logged events.

  npm run ops -- resource-tagger backfill [options]

  --days <n>        days to go back, 1 to ${historyDays} (default ${historyDays})
  --dry-run         counts the events, and sends none
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Reads the event history of CloudTrail in this region, which needs no trail, at two requests a second for up to 50 events each. Tags
that are there stay, nobody is notified, and a repeated command changes nothing. Needs cloudtrail:LookupEvents and sqs:SendMessage.
Endpoint, region and credentials come from the environment. Exit code: 0 done, 1 stopped or failed, 2 wrong usage.`;

/** Runs `npm run ops -- resource-tagger backfill`; returns the exit code. */
export async function runBackfill(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      days: { type: 'string', default: String(historyDays) },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > historyDays) {
    throw new UsageError(`--days '${values.days}': use a whole number from 1 to ${historyDays}`);
  }
  const stack = stackName('ResourceTagger', stageOf(values.stage));
  const queueUrl = requiredOutput(await outputsOf(stack, values.outputs), stack, 'EventsQueueUrl');
  const signal = stopOnSignal('stopping after the current request; repeat the command to go on');
  const { found, sent } = await backfill({
    // Others may use up the two requests a second too.
    cloudtrail: new CloudTrailClient({ maxAttempts: 10 }),
    sqs: new SQSClient({}),
    queueUrl,
    from: new Date(Date.now() - days * 86_400_000),
    dryRun: values['dry-run'],
    pause: () => setTimeout(550),
    signal,
  });
  const what = values['dry-run'] ? 'would be sent' : 'sent';
  console.log(`${found} creations in ${days} days; ${sent} ${what} to Events, the newest of each resource`);
  return signal.aborted ? 1 : 0;
}
