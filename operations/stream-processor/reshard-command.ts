import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  UpdateShardCountCommand,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseOptions, UsageError } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { stackName } from '../../lib/stack-name';

const help = `Changes the number of shards of the stream Readings, without losing or reordering records.

  npm run ops -- stream-processor reshard <shards> [options]

  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; read from CloudFormation by default

Kinesis doubles or halves at most, so that a larger change takes several steps, of which it permits ten in 24 hours. Set the same
number as the setting shards, or the next deployment goes back. Each shard is billed by the hour.
Endpoint, region and credentials come from the environment. Exit code: 0 done, 1 failed, 2 wrong usage.`;

export interface ReshardOptions {
  readonly stack: string;
  readonly outputs: string | undefined;
  readonly shards: number;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): ReshardOptions | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { ...stackOptions, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return 'help';
  const [text = '', ...more] = positionals;
  if (!/^[1-9]\d{0,2}$/.test(text) || more.length > 0) {
    throw new UsageError(`received '${positionals.join(' ')}': give a number of shards from 1 to 999`);
  }
  const stack = stackName('StreamProcessor', stageOf(values.stage));
  return { stack, outputs: values.outputs, shards: Number(text) };
}

/** Returns the exit code. */
export async function runReshard(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { stack, shards } = options;
  const streamName = requiredOutput(await outputsOf(stack, options.outputs), stack, 'ReadingsStreamName');
  // The client's own handler speaks HTTP/2, which only SubscribeToShard needs.
  const client = new KinesisClient({ requestHandler: new NodeHttpHandler({ requestTimeout: 10_000 }) });
  return reshard({ client, streamName, wait: () => sleep(2_000), say: (line) => console.log(line) }, shards);
}

export interface Resharding {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly streamName: string;
  readonly wait: () => Promise<unknown>;
  readonly say: (line: string) => void;
}

/** Changes the number of shards in steps that Kinesis takes; returns the exit code. */
export async function reshard(resharding: Resharding, shards: number): Promise<number> {
  const { client, streamName, say } = resharding;
  for (;;) {
    const { OpenShardCount = 0, StreamModeDetails } = await activeStream(resharding);
    if (StreamModeDetails?.StreamMode === 'ON_DEMAND') {
      throw new UsageError(
        'the stream is on demand, so that Kinesis chooses its shards: deploy with onDemand false first',
      );
    }
    say(`${OpenShardCount} shards`);
    if (OpenShardCount === shards) return 0;
    // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
    const next = Math.min(2 * OpenShardCount, Math.max(Math.ceil(OpenShardCount / 2), shards));
    const update = { StreamName: streamName, TargetShardCount: next, ScalingType: 'UNIFORM_SCALING' } as const;
    await client.send(new UpdateShardCountCommand(update));
  }
}

async function activeStream({ client, streamName, wait }: Resharding): Promise<StreamDescriptionSummary> {
  for (;;) {
    const command = new DescribeStreamSummaryCommand({ StreamName: streamName });
    const { StreamDescriptionSummary: summary } = await client.send(command);
    if (summary?.StreamStatus === 'ACTIVE') return summary;
    await wait();
  }
}
