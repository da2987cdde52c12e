import { referenceOf } from '../localize/removal';
import type { Assembly, Json, Resource, Stack } from '../localize/assembly';
import { isObject } from '../localize/assembly';
import { slugOf } from '../../../lib/stack-name';
import { pathOf } from '../../template/template';

/** Function of a deployed stack, as failures and statistics name it. */
export interface DeployedFunction {
  readonly slug: string;
  readonly logicalId: string;
  /** Construct path below the stack, such as `ResizeImage`. */
  readonly name: string;
  /** Attempts of one event by an asynchronous invocation. */
  readonly asyncAttempts: number;
  /** Receives of a message before it is moved to the dead-letter queue; undefined without a queue that does so. */
  readonly sqsAttempts: number | undefined;
}

/** Attempts that Lambda makes by default: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const defaultRetries = 2;

/** Functions of all stacks, keyed by `<stack>/<logical id>`. */
export function deployedFunctions({ stacks }: Assembly): Map<string, DeployedFunction> {
  const functions = new Map<string, DeployedFunction>();
  for (const stack of stacks) {
    for (const [logicalId, resource] of resourcesOfType(stack, 'AWS::Lambda::Function')) {
      functions.set(`${stack.id}/${logicalId}`, {
        slug: slugOf(stack.id),
        logicalId,
        name: functionName(logicalId, resource),
        asyncAttempts: 1 + retriesOf(stack, logicalId),
        sqsAttempts: receivesOf(stack, logicalId),
      });
    }
  }
  return functions;
}

/** Construct path of a function below its stack, such as `ResizeImage`. */
export function functionName(logicalId: string, resource: Resource): string {
  return pathOf(logicalId, resource).replace(/\/Function$/, '');
}

/** Finds a function by its physical name `<stack>-<logical id>-<suffix>`. */
export function functionNamed(
  functions: ReadonlyMap<string, DeployedFunction>,
  physicalName: string,
): DeployedFunction | undefined {
  const [, stack = '', logicalId = ''] = /^(.+)-([^-]+)-[^-]+$/.exec(physicalName) ?? [];
  return functions.get(`${stack}/${logicalId}`);
}

function retriesOf(stack: Stack, logicalId: string): number {
  const config = resourcesOfType(stack, 'AWS::Lambda::EventInvokeConfig').find(
    ([, { Properties }]) => referenceOf(Properties?.['FunctionName'])?.id === logicalId,
  );
  const retries = config?.[1].Properties?.['MaximumRetryAttempts'];
  return typeof retries === 'number' ? retries : defaultRetries;
}

function receivesOf(stack: Stack, logicalId: string): number | undefined {
  const receives = resourcesOfType(stack, 'AWS::Lambda::EventSourceMapping')
    .filter(([, { Properties }]) => referenceOf(Properties?.['FunctionName'])?.id === logicalId)
    .map(([, { Properties }]) => stack.template.Resources[referenceOf(Properties?.['EventSourceArn'])?.id ?? ''])
    .map((queue) => maximumReceives(queue?.Properties?.['RedrivePolicy']));
  return receives.find((count) => count !== undefined);
}

function maximumReceives(policy: Json | undefined): number | undefined {
  const count = isObject(policy) ? policy['maxReceiveCount'] : undefined;
  return typeof count === 'number' ? count : undefined;
}

function resourcesOfType({ template }: Stack, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}
