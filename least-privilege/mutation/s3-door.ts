import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { clientSettings } from '../../local/client-settings';
import { proxyFile } from '../../local/faults/fault-folder';
import type { Workspace } from '../../local/workspace';
import { isHidden, isRefused, type HasTags, type TakenPermission } from './s3-rules';

const denied =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

/** What stands between a function and the emulator's S3. */
interface Door {
  readonly endpoint: URL;
  readonly agent: Agent;
  readonly taken: TakenPermission;
  readonly hasTags: HasTags;
}

/**
 * Sends a function's calls to S3 through a door that asks for what the emulator's IAM does not.
 *
 * @returns what takes the door away
 */
export async function putDoor(
  workspace: Pick<Workspace, 'certificate' | 'certificateKey' | 'faults'>,
  endpoint: string,
  functionName: string,
  taken: TakenPermission,
): Promise<() => Promise<void>> {
  const cert = readFileSync(workspace.certificate, 'utf8');
  const agent = new Agent({ keepAlive: true, ca: cert });
  const door = { endpoint: new URL(endpoint), agent, taken, hasTags: tagsAt(endpoint, workspace.certificate) };
  const server = createServer({ cert, key: readFileSync(workspace.certificateKey, 'utf8') }, (request, response) => {
    void pass(request, response, door).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const file = proxyFile(workspace.faults, functionName, 's3');
  mkdirSync(dirname(file), { recursive: true });
  // A server that listens on TCP has an address with a port.
  writeFileSync(file, String((server.address() as AddressInfo).port));
  return async () => {
    rmSync(file, { force: true });
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    agent.destroy();
  };
}

async function pass(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = request;
  if (await isRefused({ method, path, headers }, door.taken, door.hasTags)) {
    request.resume();
    refuse(method, response);
    return;
  }
  const { hostname, port } = door.endpoint;
  const onward = httpsRequest({ hostname, port, method, path, headers, agent: door.agent }, (answer) => {
    const { statusCode = 502 } = answer;
    if (isHidden({ method, path, headers }, door.taken, statusCode)) {
      answer.resume();
      refuse(method, response);
    } else {
      response.writeHead(statusCode, answer.headers);
      answer.pipe(response);
    }
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

function refuse(method: string, response: ServerResponse): void {
  response.writeHead(403, { 'Content-Type': 'application/xml' }).end(method === 'HEAD' ? undefined : denied);
}

function tagsAt(endpoint: string, certificate: string): HasTags {
  const s3 = new S3Client({ ...clientSettings(endpoint, certificate), forcePathStyle: true });
  return async (Bucket, Key, VersionId) => {
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
    return TagSet.length > 0;
  };
}
