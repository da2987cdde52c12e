import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { faultFolderVariable, proxyFile, workingFolder } from '../faults/fault-folder';
import { identify } from '../process-identity';

/** Marks the start and end of an invocation. */
export interface ActivityMarker {
  begin(): void;
  end(): void;
}

const noMarker: ActivityMarker = { begin: () => undefined, end: () => undefined };

/**
 * Enables fault injection into this process, invisibly to the handler.
 *
 * @returns marker to call when an invocation begins and ends
 */
export function enableFaults(environment: NodeJS.ProcessEnv): ActivityMarker {
  const folder = environment[faultFolderVariable];
  const functionName = environment['AWS_LAMBDA_FUNCTION_NAME'];
  Reflect.deleteProperty(environment, faultFolderVariable);
  if (folder === undefined || functionName === undefined) return noMarker;
  sendThroughProxies((service) => portIn(proxyFile(folder, functionName, service)));
  return activityMarker(workingFolder(folder, functionName));
}

function activityMarker(working: string): ActivityMarker {
  const file = join(working, String(process.pid));
  const started = identify(process.pid)?.started ?? '';
  mkdirSync(working, { recursive: true });
  return { begin: () => writeFileSync(file, started), end: () => rmSync(file, { force: true }) };
}

/** Redirects calls to a disturbed service to the port of its proxy. */
function sendThroughProxies(portFor: (service: string) => number | undefined): void {
  const original = https.request.bind(https) as (...values: unknown[]) => ReturnType<typeof https.request>;
  const patched = (...values: unknown[]): ReturnType<typeof https.request> => {
    const [options, ...rest] = values;
    const service = serviceOf(options);
    const port = service === undefined ? undefined : portFor(service);
    return original(port === undefined ? options : { ...(options as object), port }, ...rest);
  };
  https.request = patched;
}

/** Service of a signed request, from its signature: all services share one endpoint. */
export function serviceOf(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null || options instanceof URL) return undefined;
  const { headers } = options as { headers?: Record<string, unknown> };
  const authorization = headers?.['authorization'] ?? headers?.['Authorization'];
  if (typeof authorization !== 'string') return undefined;
  return /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization)?.[1];
}

function portIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // Not disturbed.
  }
}
