import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { clientSettings } from '../../local/client-settings';
import { sendTo } from '../../local/faults/fault-folder';
import { forwardRequest, forwardResponse } from '../../local/faults/forward-request';
import type { Workspace } from '../../local/workspace';
import { isHidden, isRefused, type HasTags, type RemovedPermission } from './s3-rules';

const denied =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

interface Proxy {
  readonly endpoint: string;
  readonly agent: Agent;
  readonly removed: RemovedPermission;
  readonly hasTags: HasTags;
}

/**
 * Sends a function's S3 requests through a proxy that checks permissions which the emulator's IAM does not.
 *
 * @returns function that stops the proxy
 */
export async function startS3Proxy(
  workspace: Pick<Workspace, 'certificate' | 'certificateKey' | 'faults'>,
  endpoint: string,
  functionName: string,
  removed: RemovedPermission,
): Promise<() => Promise<void>> {
  const cert = readFileSync(workspace.certificate, 'utf8');
  const agent = new Agent({ keepAlive: true, ca: cert });
  const proxy: Proxy = { endpoint, agent, removed, hasTags: tagsAt(endpoint, workspace.certificate) };
  const server = createServer({ cert, key: readFileSync(workspace.certificateKey, 'utf8') }, (request, response) => {
    void forward(request, response, proxy).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  const sendBack = sendTo((server.address() as AddressInfo).port, workspace.faults, functionName, 's3');
  return async () => {
    sendBack();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    agent.destroy();
  };
}

async function forward(request: IncomingMessage, response: ServerResponse, proxy: Proxy): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = request;
  if (await isRefused({ method, path, headers }, proxy.removed, proxy.hasTags)) {
    request.resume();
    refuse(method, response);
    return;
  }
  forwardRequest(request, response, proxy.endpoint, proxy.agent, (answer) => {
    if (isHidden({ method, path, headers }, proxy.removed, answer.statusCode ?? 502)) {
      answer.resume();
      refuse(method, response);
    } else forwardResponse(answer, response);
  });
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
