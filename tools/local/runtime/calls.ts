import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { asMissing, callsOf, type Call } from '../calls/call';
import { checkRequest } from '../calls/check-request';
import type { ServiceModels } from '../calls/service-model';
import { callsFolder, deniedFolder, faultFolderVariable, violationsFolder } from '../faults/fault-folder';
import { serviceOf } from './faults';

/** Longer bodies name no resources. */
const maximumBodyBytes = 1_000_000;

/**
 * Records this function's API calls with their resources, each once, as lines of JSON.
 *
 * The emulator's own trail has neither S3's subresources nor the role of a key. Denied calls, which use no permission, and
 * requests that AWS would refuse go to files of their own. Deleting the files restarts the record.
 */
export function recordCalls(environment: NodeJS.ProcessEnv, onDenied: (call: Call) => void = () => undefined): void {
  const folder = environment[faultFolderVariable];
  const functionName = environment['AWS_LAMBDA_FUNCTION_NAME'];
  if (folder === undefined || functionName === undefined) return;
  const made = recordIn(callsFolder(folder, functionName));
  const recordDenied = recordIn(deniedFolder(folder, functionName));
  const denied = (call: Call): void => {
    if (recordDenied(call)) onDenied(call);
  };
  const refused = recordIn(violationsFolder(folder, functionName));
  const models = serviceModels();
  const original = https.request.bind(https) as (...values: unknown[]) => ClientRequest;
  const patched = (...values: unknown[]): ClientRequest => {
    const request = original(...values);
    const [options] = values;
    const service = serviceOf(options);
    if (service === undefined) return request;
    const body = bodyOf(request);
    const noteAnswer = (statusCode: number, isDenied: boolean): void => {
      const record = isDenied ? denied : made;
      const { method = 'GET', path, headers = {} } = options as https.RequestOptions;
      const seen = isDenied || statusCode === 404 ? asMissing : (call: Call) => call;
      const sent = { service, method, path: path ?? '/', headers: headers as Record<string, unknown>, body: body() };
      for (const call of callsOf(sent)) record(seen(call));
      for (const violation of checkRequest(sent, models())) refused(violation);
    };
    request.once('response', (response: IncomingMessage) => {
      const { statusCode = 0 } = response;
      if (statusCode === 400)
        onBody(response, (text) => noteAnswer(statusCode, text.includes('"AccessDeniedException"')));
      else noteAnswer(statusCode, statusCode === 403);
    });
    return request;
  };
  https.request = patched;
}

/** Calls back with the body of an answer, as it arrives: Systems Manager and CloudWatch Logs deny with 400 and a code in it. */
function onBody(response: IncomingMessage, act: (text: string) => void): void {
  const push = response.push.bind(response);
  let text = '';
  response.push = (chunk: Buffer | null, encoding) => {
    if (chunk === null) act(text);
    else text += chunk.toString();
    return push(chunk, encoding);
  };
}

/** Reads the models on the first call, which is after the handler has been loaded; there are none outside a local run. */
function serviceModels(): () => ServiceModels {
  const file = join(__dirname, 'service-models.json');
  let models: ServiceModels | undefined;
  return () => (models ??= existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServiceModels) : {});
}

/** Returns a function that appends each record once to a file of this process, and returns whether it was new. */
function recordIn(folder: string): (record: object) => boolean {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}.jsonl`);
  const seen = new Set<string>();
  return (record) => {
    const line = JSON.stringify(record);
    if (!existsSync(file)) seen.clear();
    if (seen.has(line)) return false;
    seen.add(line);
    appendFileSync(file, `${line}\n`);
    return true;
  };
}

/** Body of the request: the SDK passes everything but streams to `end`. */
function bodyOf(request: ClientRequest): () => string {
  let body = '';
  const end = request.end.bind(request) as (...values: unknown[]) => ClientRequest;
  request.end = (...values: unknown[]) => {
    const [chunk] = values;
    if (typeof chunk === 'string') body = chunk;
    else if (chunk instanceof Uint8Array && chunk.length <= maximumBodyBytes) body = Buffer.from(chunk).toString();
    return end(...values);
  };
  return () => body;
}
