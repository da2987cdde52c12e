import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { stackName } from '../../lib/stack-name';
import { parseOptions, UsageError } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { undo } from './undo';

const help = `Makes a deleted volume again from its snapshot: type, size, IOPS, throughput, zone and tags. It has a new id.

  npm run ops -- volume-cleanup undo <volume id> [options]

  --region <region> region of the volume (default AWS_REGION)
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

A repeated command makes no second volume. Endpoint, region and credentials come from the environment.
Exit code: 0 made, 1 nothing to undo, 2 wrong usage.`;

/** Runs `npm run ops -- volume-cleanup undo`; returns the exit code. */
export async function runUndo(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      region: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const [id = '', ...others] = positionals;
  if (others.length > 0 || !/^vol-[0-9a-f]{8,17}$/.test(id)) {
    throw new UsageError(`received '${positionals.join(' ')}': give one volume id, such as vol-0123456789abcdef0`);
  }
  const region = values.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw new UsageError('no region: give --region, or set AWS_REGION');
  const stack = stackName('VolumeCleanup', stageOf(values.stage));
  const tableName = requiredOutput(await outputsOf(stack, values.outputs), stack, 'CandidatesTableName');
  const made = await undo({ dynamodb: new DynamoDBClient({}), ec2: new EC2Client({ region }), tableName }, region, id);
  if ('reason' in made) {
    console.error(`nothing to undo for ${id} in ${region}: ${made.reason}`);
    return 1;
  }
  console.log(`${id} is ${made.volumeId} now, from ${made.snapshotId}`);
  return 0;
}
