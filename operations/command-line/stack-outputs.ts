import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from './command';
import type { Stage } from '../../lib/config';

export type Outputs = Readonly<Record<string, string>>;

/** Options of every operation: the deployed stack that it is about. */
export const stackOptions = {
  stage: { type: 'string', default: 'sandbox' },
  outputs: { type: 'string' },
} as const;

/** @throws UsageError with the value received and the fix */
export function stageOf(text: string): Stage {
  if (text === 'sandbox' || text === 'prod') return text;
  throw new UsageError(`unknown --stage '${text}': use one of sandbox, prod`);
}

/**
 * Returns a stack's outputs: from the file if one is given, otherwise from the account.
 *
 * @throws UsageError if there is no such stack
 */
export async function outputsOf(stack: string, file: string | undefined): Promise<Outputs> {
  return file === undefined ? outputsFromAccount(stack) : outputsFromFile(file, stack);
}

const fileSchema = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * Returns a stack's outputs from a file that `cdk deploy --outputs-file` wrote.
 *
 * @throws UsageError if the file cannot be read or has no such stack
 */
export function outputsFromFile(file: string, stack: string): Outputs {
  const stacks = parseFile(file);
  const outputs = stacks[stack];
  if (outputs !== undefined) return outputs;
  const known = Object.keys(stacks).join(', ') || 'none';
  throw new UsageError(`${file} has no stack '${stack}' (it has ${known}): deploy it, or use another --stage`);
}

/**
 * Returns a stack's outputs from the account and region of the environment.
 *
 * @throws UsageError if there is no such stack
 */
export async function outputsFromAccount(
  stack: string,
  cloudFormation = new CloudFormationClient({}),
): Promise<Outputs> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
    const pairs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return Object.fromEntries(pairs) as Outputs;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
    throw new UsageError(`${error.message}: deploy it, use another --stage, or check AWS_REGION and AWS_PROFILE`);
  }
}

function parseFile(file: string): Readonly<Record<string, Outputs>> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'it does not hold stacks with outputs' : String(error);
    throw new UsageError(`cannot read outputs from ${file}: ${reason}: write it with cdk deploy --outputs-file`);
  }
}

/** @throws UsageError if the stack has no such output */
export function requiredOutput(outputs: Outputs, stack: string, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new UsageError(`stack ${stack} has no output '${name}': deploy it again`);
  return value;
}
