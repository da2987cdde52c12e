import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { slugOf } from '../../../lib/stack-name';
import type { ChildProcesses } from '../child-processes';
import type { ClientSettings } from '../client-settings';
import { currentCodeFile } from '../faults/fault-folder';
import { functionName } from '../invocations/deployed-functions';
import { resourcesOf, type Assembly } from '../localize/assembly';
import type { Workspace } from '../workspace';
import type { BundleFiles } from './source-bundles';

/** Deployed function whose code is the bundle of a handler. */
export interface SwappableFunction {
  readonly slug: string;
  /** Construct path below the stack, such as `ResizeImage`. */
  readonly name: string;
  readonly stack: string;
  readonly logicalId: string;
  /** Handler, as `image-resize/resize-image`. */
  readonly handler: string;
  /** Folder of its code in the localized assembly, as deployed. */
  readonly folder: string;
}

/** Functions of the deployed stacks that have the name of a handler. */
export function swappableFunctions(
  localized: Assembly,
  stackIds: readonly string[],
  handlers: readonly string[],
): SwappableFunction[] {
  return resourcesOf(localized, 'AWS::Lambda::Function').flatMap(({ stack, id, resource }) => {
    const folder = localized.assetFolder(stack, resource.Properties?.['Code']);
    const [slug, name] = [slugOf(stack.id), functionName(id, resource)];
    const handler = `${slug}/${slugOf(name.split('/').at(-1) ?? '')}`;
    if (!stackIds.includes(stack.id) || folder === undefined || !handlers.includes(handler)) return [];
    return { slug, name, stack: stack.id, logicalId: id, handler, folder };
  });
}

/** Whether the deployed code is another than the bundle. */
export function isOutdated({ folder }: SwappableFunction, bundle: BundleFiles): boolean {
  return [...bundle].some(([name, contents]) => {
    const file = join(folder, name);
    return !existsSync(file) || !readFileSync(file).equals(contents);
  });
}

export interface HotSwap {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  /** Python of the virtual environment. */
  readonly python: string;
  readonly settings: ClientSettings;
  /** Removed with the run. */
  readonly temporaryFolder: string;
}

/**
 * Replaces the code of a function as `cdk deploy --hotswap` does: by UpdateFunctionCode, without CloudFormation. It ends the
 * function's environments; those that start later load the code from a folder of their own (`tools/local/runtime/task-root.ts`).
 */
export async function swapCode(swap: HotSwap, swapped: SwappableFunction, bundle: BundleFiles): Promise<void> {
  for (const [name, contents] of bundle) writeFileSync(join(swapped.folder, name), contents);
  const [FunctionName, ZipFile] = await Promise.all([
    physicalName(swap.settings, swapped),
    zipped(swap, swapped.folder),
  ]);
  provideCode(swap, swapped.folder, FunctionName);
  await new LambdaClient(swap.settings).send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
}

/** Outside the checkout, where Node does not resolve what is missing from a bundle from the project's `node_modules`. */
function provideCode({ workspace, temporaryFolder }: HotSwap, folder: string, functionName: string): void {
  const code = mkdtempSync(join(temporaryFolder, 'code-'));
  cpSync(folder, code, { recursive: true });
  const file = currentCodeFile(workspace.faults, functionName);
  mkdirSync(dirname(file), { recursive: true });
  // Atomically, so that no function reads half a path.
  writeFileSync(`${file}.new`, code);
  renameSync(`${file}.new`, file);
}

async function physicalName(settings: ClientSettings, { stack, logicalId }: SwappableFunction): Promise<string> {
  const { StackResourceDetail: found } = await new CloudFormationClient(settings).send(
    new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: logicalId }),
  );
  if (found?.PhysicalResourceId !== undefined) return found.PhysicalResourceId;
  throw new Error(`the stack ${stack} has no function '${logicalId}': save a file in lib/ to deploy it`);
}

/** Node has no archiver. Uncompressed: sharp's packages take a second to compress, and the emulator is on this machine. */
const zipFolder =
  'import os, sys, zipfile; z = zipfile.ZipFile(sys.argv[1], "w"); [z.write(os.path.join(d, f)) for d, _, fs in os.walk(".") for f in fs]; z.close()';

async function zipped({ workspace, children, python, temporaryFolder }: HotSwap, folder: string): Promise<Uint8Array> {
  const temporary = mkdtempSync(join(temporaryFolder, 'zip-'));
  try {
    const file = join(temporary, 'code.zip');
    const command = { what: 'zip', file: python, arguments: ['-c', zipFolder, file], folder };
    await children.run(
      { ...command, environment: {}, log: workspace.log('hot-swap'), onOutput: () => undefined },
      { withinSeconds: 30 },
    );
    return readFileSync(file);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
