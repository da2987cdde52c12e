import { readFileSync } from 'node:fs';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { forwardRequest, forwardResponse } from '../faults/forward-request';

export interface TokenProxy {
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  close(): void;
}

/** Forwards a task's calls to Step Functions, and tells of each heartbeat that was accepted. */
export async function startTokenProxy(
  upstream: { readonly endpoint: string; readonly certificate: string; readonly certificateKey: string },
  onHeartbeat: () => void,
): Promise<TokenProxy> {
  const cert = readFileSync(upstream.certificate);
  const agent = new Agent({ keepAlive: true, ca: cert });
  const server = createServer({ cert, key: readFileSync(upstream.certificateKey) }, (request, response) => {
    const isHeartbeat = String(request.headers['x-amz-target']).endsWith('.SendTaskHeartbeat');
    forwardRequest(request, response, upstream.endpoint, agent, (answer) => {
      if (isHeartbeat && answer.statusCode === 200) onHeartbeat();
      forwardResponse(answer, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `https://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}
