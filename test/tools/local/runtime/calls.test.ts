import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callsFolder, deniedFolder, faultFolderVariable } from '../../../../tools/local/faults/fault-folder';
import { recordCalls } from '../../../../tools/local/runtime/calls';

const original = https.request;
let folder: string;

/** Fake of a request that has been sent. */
class Sent extends EventEmitter {
  readonly end = jest.fn();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calls-'));
  https.request = (() => new Sent()) as unknown as typeof https.request;
  recordCalls({ [faultFolderVariable]: folder, AWS_LAMBDA_FUNCTION_NAME: 'fn' });
});
afterEach(() => {
  https.request = original;
  rmSync(folder, { recursive: true, force: true });
});

function call(path: string, statusCode: number): void {
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request, Signature=1' };
  const sent = https.request({ method: 'GET', path, headers }) as unknown as Sent;
  sent.emit('response', { statusCode });
}

function linesIn(place: string): string[] {
  return readdirSync(place).flatMap((file) => readFileSync(join(place, file), 'utf8').trim().split('\n'));
}
const made = () =>
  linesIn(callsFolder(folder, 'fn')).map((line) => (JSON.parse(line) as { operation: string }).operation);
const denied = () => linesIn(deniedFolder(folder, 'fn'));

it('each call is recorded once, reads of missing objects as such, and denied calls apart', () => {
  call('/photos/a.jpg', 200);
  call('/photos/b.jpg', 404);
  call('/photos/?list-type=2', 200);
  call('/photos/c.jpg', 403);
  expect(made()).toEqual(['GetObject', 'GetMissingObject', 'ListObjectsV2']);
  expect(denied()).toHaveLength(1);
});

it('after the files are deleted every call counts as new', () => {
  call('/photos/a.jpg', 200);
  call('/photos/?list-type=2', 200);
  rmSync(join(callsFolder(folder, 'fn'), `${process.pid}.jsonl`));
  call('/photos/?list-type=2', 200);
  call('/photos/a.jpg', 200);
  expect(made()).toEqual(['ListObjectsV2', 'GetObject']);
});

it('a denial that has status 400 is known by its code, and its body reaches the caller', async () => {
  const answer = async (code: string): Promise<string> => {
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/ssm/aws4_request, Signature=1',
    };
    const target = { 'x-amz-target': 'AmazonSSM.GetParameter' };
    const sent = https.request({ method: 'POST', path: '/', headers: { ...headers, ...target } }) as unknown as Sent;
    const response = Object.assign(new Readable({ read: () => undefined }), { statusCode: 400 });
    sent.emit('response', response);
    response.push(Buffer.from(`{"__type":"${code}"}`));
    response.push(null);
    return text(response);
  };
  expect(await answer('ParameterNotFound')).toBe('{"__type":"ParameterNotFound"}');
  expect(made()).toEqual(['GetParameter']);
  await answer('AccessDeniedException');
  expect(denied().map((line) => (JSON.parse(line) as { operation: string }).operation)).toEqual(['GetParameter']);
});
