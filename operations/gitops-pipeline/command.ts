import { parseOptions, UsageError } from '../command-line/command';
import { stackOptions } from '../command-line/stack-outputs';
import { createDeployment, type PipelineDeployment } from './pipeline-deployment';

const common = `
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Endpoint, region and credentials come from the environment. Exit code: 0 done, 1 not done, 2 wrong usage.`;

export interface PipelineCommand {
  readonly help: string;
  /** Name of the argument, such as `<run id>`; empty if it may be left out. */
  readonly argument: string;
  /** Name of another argument, which may be left out. */
  readonly optional?: string;
  /** Acts and returns the lines to show, or throws an error that says what was not done. */
  readonly act: (deployment: PipelineDeployment, argument: string, optional: string) => Promise<readonly string[]>;
}

/** Something that an operator asked for could not be done. */
export class NotDoneError extends Error {
  override readonly name = 'NotDoneError';
}

/** Runs a command with its arguments; returns the exit code. */
export async function runPipelineCommand(command: PipelineCommand, args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { ...stackOptions, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(command.help + common);
    return 0;
  }
  const [argument = '', optional = '', ...others] = positionals;
  const isTooMany = others.length > 0 || (optional !== '' && command.optional === undefined);
  if (isTooMany || (command.argument !== '' && argument === '')) {
    const wanted = [command.argument || 'one run id, or none', command.optional].filter((one) => one !== undefined);
    throw new UsageError(`received '${positionals.join(' ')}': give ${wanted.join(', and if you like ')}`);
  }
  try {
    for (const line of await command.act(await createDeployment(values), argument, optional)) console.log(line);
    return 0;
  } catch (error) {
    if (!(error instanceof NotDoneError)) throw error;
    console.error(error.message);
    return 1;
  }
}
