import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellQuoted } from '../connection';
import { isObject, nameOf, resourcesOf, type Json, type JsonObject } from './assembly';
import type { Host, Rule } from './rule';

/** Runs functions with this machine's Node through the Lambda Runtime API. */
export const runtimeClient: Rule = {
  name: 'runtime-client',
  reason:
    "the emulator's own Node worker reports every error as Runtime.HandlerError and has no deadline; the Lambda Runtime API behaves as on AWS",
  apply(assembly, host) {
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const properties = placed.resource.Properties ?? {};
      const runtime = properties['Runtime'];
      const folder = assembly.assetFolder(placed.stack, properties['Code']);
      // Inline code has no folder for a bootstrap: the emulator's own worker runs it.
      if (typeof runtime !== 'string' || !runtime.startsWith('nodejs') || folder === undefined) return [];
      properties['Runtime'] = 'provided.al2023';
      delete properties['RuntimeManagementConfig'];
      properties['Environment'] = withRuntimeVariables(properties, runtime);
      writeBootstrap(folder, host);
      assembly.markAssetChanged(folder, bootstrap(host));
      return [nameOf(placed)];
    });
  },
};

/**
 * Script that starts a function: Node with a heap in proportion to the function's memory, as AWS's runtime does.
 * The function's NODE_OPTIONS apply; the emulator's settings are unset.
 */
export function bootstrap(host: Host): string {
  return [
    '#!/bin/sh',
    `unset ${host.hiddenVariables.join(' ')}`,
    'heap=$((AWS_LAMBDA_FUNCTION_MEMORY_SIZE * 9 / 10))',
    `exec ${shellQuoted(host.node)} --max-old-space-size=$heap ${shellQuoted(host.runtimeClient)}`,
    '',
  ].join('\n');
}

function writeBootstrap(folder: string, host: Host): void {
  const file = join(folder, 'bootstrap');
  if (!existsSync(file)) writeFileSync(file, bootstrap(host), { mode: 0o755 });
}

/** Adds the variables that AWS sets and the emulator does not. */
function withRuntimeVariables(properties: JsonObject, runtime: string): JsonObject {
  const environment = isObject(properties['Environment']) ? properties['Environment'] : {};
  const own = isObject(environment['Variables']) ? environment['Variables'] : {};
  const logging = isObject(properties['LoggingConfig']) ? properties['LoggingConfig'] : {};
  const variables: Record<string, Json | undefined> = {
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_LOG_FORMAT: logging['LogFormat'] ?? 'Text',
    AWS_LAMBDA_LOG_LEVEL: logging['ApplicationLogLevel'],
    AWS_LAMBDA_LOG_GROUP_NAME: logging['LogGroup'],
  };
  const set = Object.entries(variables).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return { ...environment, Variables: { ...own, ...Object.fromEntries(set) } };
}
