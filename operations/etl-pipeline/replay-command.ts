import { UsageError, parseOptions } from '../command-line/command';
import { outputsOf, stackOptions, stageOf } from '../command-line/stack-outputs';
import { stackName } from '../../lib/stack-name';
import { createDeployment, listOpenFiles, readFile, type FilesDeployment } from './files-deployment';
import { replayFile, ReplayRefusedError } from './replay';

const help = `Sends quarantined or failed files through the state machine again, with the datasets as they are deployed now.

  npm run ops -- etl-pipeline replay <file id>... [options]
  npm run ops -- etl-pipeline replay --failed [options]     every file that has failed

  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Rows that a file has loaded already stay as they are. A corrected file needs no replay: upload it under the same key. Endpoint,
region and credentials come from the environment. Exit code: 0 started, 1 refused or failed, 2 wrong usage.`;

export interface ReplayOptions {
  readonly fileIds: readonly string[];
  readonly failed: boolean;
  readonly stack: string;
  readonly outputs: string | undefined;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): ReplayOptions | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      failed: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const wrong = positionals.filter((id) => !isFileId(id));
  if (wrong.length > 0) throw new UsageError(`received '${wrong.join(' ')}': a file id has 24 of 0-9 a-f`);
  if (values.failed === positionals.length > 0) throw new UsageError('give file ids, or --failed');
  const stack = stackName('EtlPipeline', stageOf(values.stage));
  return { fileIds: positionals, failed: values.failed, stack, outputs: values.outputs };
}

export function isFileId(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}

/** Runs `npm run ops -- etl-pipeline replay`; returns the exit code. */
export async function runReplay(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const deployment = createDeployment(await outputsOf(options.stack, options.outputs), options.stack);
  return replayAll(deployment, options.failed ? await failedFiles(deployment) : options.fileIds, console);
}

/** Replays each file; one that is refused does not keep the others from it. */
export async function replayAll(
  deployment: FilesDeployment,
  fileIds: readonly string[],
  { log, error: complain }: Pick<Console, 'log' | 'error'>,
): Promise<number> {
  let refused = 0;
  for (const fileId of fileIds) {
    try {
      log(`${fileId}: execution ${await replayFile(deployment, fileId)}`);
    } catch (error) {
      if (!(error instanceof ReplayRefusedError)) throw error;
      complain(error.message);
      refused++;
    }
  }
  log(`${fileIds.length - refused} replayed, ${refused} refused`);
  return refused === 0 ? 0 : 1;
}

async function failedFiles(deployment: FilesDeployment): Promise<string[]> {
  const failed: string[] = [];
  for await (const fileId of listOpenFiles(deployment)) {
    const file = await readFile(deployment, fileId);
    if (file?.status === 'failed') failed.push(fileId);
  }
  return failed;
}
