import { SNSClient } from '@aws-sdk/client-sns';
import { randomUUID } from 'node:crypto';
import { publishNotice } from '../../lambda/resource-tagger/adapters/sns-notices';
import { stackName } from '../../lib/stack-name';
import { parseOptions, UsageError } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { stopOnSignal } from '../command-line/operation';

const help = `Sends a notice as that of a new resource, to see that it arrives in Slack, Teams and mailboxes.

  npm run ops -- resource-tagger test-notice [options]

  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Needs sns:Publish, and in prod kms:GenerateDataKey and kms:Decrypt on the key of the topic. Endpoint, region and credentials come from the
environment. Exit code: 0 sent, 1 failed, 2 wrong usage.`;

/** Runs `npm run ops -- resource-tagger test-notice`; returns the exit code. */
export async function runTestNotice(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { ...stackOptions, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const stack = stackName('ResourceTagger', stageOf(values.stage));
  const topicArn = requiredOutput(await outputsOf(stack, values.outputs), stack, 'NoticesTopicArn');
  const id = `test-${randomUUID()}`;
  const notice = {
    id,
    time: new Date().toISOString(),
    creator: 'npm run ops',
    type: 'test notice',
    region: topicArn.split(':')[3] ?? '',
    resources: [id],
    count: 1,
    refused: {},
    lacking: {},
  };
  await publishNotice(new SNSClient({}), topicArn, notice, stopOnSignal('stopping'));
  console.log(`sent ${id}: a digest has it after webhooks.digestSeconds, and mail at once`);
  return 0;
}
