import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { stackName } from '../../lib/stack-name';
import { parseOptions, UsageError } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { findUntagged } from './untagged';

const help = `Lists what has no owner, or lacks another required tag. Nothing is changed.

  npm run ops -- resource-tagger untagged [options]

  --keys <a,b>      tags that are asked for (default: the creator's tag and the setting requiredTags)
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Asks the Resource Groups Tagging API of this region (tag:GetResources), which knows what has or had a tag. What never had one is found by
Resource Explorer: aws resource-explorer-2 search --query-string tag:none
Endpoint, region and credentials come from the environment. Exit code: 0 listed, 2 wrong usage.`;

/** Runs `npm run ops -- resource-tagger untagged`; returns the exit code. */
export async function runUntagged(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { ...stackOptions, keys: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const stack = stackName('ResourceTagger', stageOf(values.stage));
  const keys = (values.keys ?? requiredOutput(await outputsOf(stack, values.outputs), stack, 'RequiredTagKeys')).split(
    ',',
  );
  if (keys.includes('')) throw new UsageError(`--keys '${values.keys}': separate keys by one comma`);
  const { all, untagged } = await findUntagged(new ResourceGroupsTaggingAPIClient({}), keys);
  for (const { arn, lacks } of untagged) console.log(`${arn}  lacks ${lacks.join(', ')}`);
  console.log(
    `${untagged.length} of ${all} resources lack ${keys.join(' or ')}; what never had a tag is not among them`,
  );
  return 0;
}
