import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { stackName } from '../../lib/stack-name';
import { parseOptions, UsageError } from '../command-line/command';
import { withExplanation, type Operation } from '../command-line/operation';
import { stageOf } from '../command-line/stack-outputs';
import { functionUses } from './function-uses';
import { describeUse } from './recommend';

const help = (
  slug: string,
): string => `Shows what the functions of ${slug} use: memory, duration, cost, and the lowest memory that leaves a margin.

  npm run ops -- ${slug} right-size [options]

  --days <n>       reads Lambda's reports of the last n days (default 14, at most 90)
  --stage <stage>  sandbox or prod (default sandbox)

The lower bound leaves a quarter of the memory free. CPU grows with memory, so that less memory may be slower and cost as much: measure
other sizes with aws-lambda-power-tuning (https://github.com/alexcasalboni/aws-lambda-power-tuning), or read AWS Compute Optimizer, which
needs 50 invocations in 14 days. Prices are those of us-east-1. A query of CloudWatch Logs Insights is billed by the data that it reads.
Exit code: 0 done, 1 failed, 2 wrong usage.`;

/** Operation that every architecture has: reads Lambda's reports and changes nothing. */
export function rightSizeOperation(id: string, slug: string): Operation {
  return {
    summary: 'shows memory, duration and cost of the functions, and the lowest memory that is enough',
    run: (args) =>
      withExplanation(
        () => rightSize(id, slug, args),
        (reason) => `nothing was changed: ${reason} (check AWS_REGION, AWS_PROFILE, and that the stack is deployed)`,
      ),
  };
}

async function rightSize(id: string, slug: string, args: readonly string[]): Promise<number> {
  const { values } = parseOptions({
    args: [...args],
    options: {
      days: { type: 'string', default: '14' },
      stage: { type: 'string', default: 'sandbox' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help(slug));
    return 0;
  }
  const days = Number(values.days);
  if (!Number.isSafeInteger(days) || days < 1 || days > 90) {
    throw new UsageError(`--days '${values.days}': use a whole number from 1 to 90`);
  }
  const stack = stackName(id, stageOf(values.stage));
  const clients = {
    cloudFormation: new CloudFormationClient({}),
    lambda: new LambdaClient({}),
    logs: new CloudWatchLogsClient({}),
  };
  console.log(`functions of ${stack} in the last ${days} days`);
  for (const line of describeUse(await functionUses(clients, { stack, days, now: Date.now }))) console.log(line);
  return 0;
}
