import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { parseOptions, UsageError } from '../command-line/command';
import { findTrails } from './management-trails';

const help = `Says whether EventBridge gets API calls in this region: it does where a trail logs management events.

  npm run ops -- resource-tagger trails

Needs cloudtrail:DescribeTrails, GetTrailStatus and GetEventSelectors. Endpoint, region and credentials come from the environment.
Exit code: 0 a trail logs them, 1 none does, 2 wrong usage.`;

/** Runs `npm run ops -- resource-tagger trails`; returns the exit code. */
export async function runTrails(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': it takes none`);
  const findings = await findTrails(new CloudTrailClient({}));
  for (const { name, lacks } of findings) console.log(`${name}: ${lacks ?? 'logs management events'}`);
  if (findings.some(({ lacks }) => lacks === undefined)) return 0;
  console.error(
    `no trail logs management events here, so that no event reaches the rule: deploy with -c resource-tagger='{"trail":{}}'`,
  );
  return 1;
}
