import { Agent, createServer, request as httpsRequest } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ThrottledCalls, ThrottledService } from '../../scenarios/faults';

/** Where the calls go that are let through, and the certificate that both sides show. */
export interface Upstream {
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface ThrottlingProxy {
  readonly port: number;
  /** Answers what is under way, takes no more, and tells what came. */
  stop(): Promise<ThrottledCalls>;
}

/** How each service refuses a call that is one too many, in the words of its protocol. */
const refusals: Readonly<Record<ThrottledService, { status: number; type: string; body: object }>> = {
  dynamodb: {
    status: 400,
    type: 'application/x-amz-json-1.0',
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
      message: 'Throughput exceeds the current capacity of your table or index.',
    },
  },
};

/**
 * Passes calls on as they are, signature and all, and answers some of them as the service does when it throttles.
 *
 * @param share of the calls that is refused, 0 to 1
 */
export async function startThrottlingProxy(
  upstream: Upstream,
  service: ThrottledService,
  share: number,
): Promise<ThrottlingProxy> {
  const { certificate: cert, key } = upstream;
  const agent = new Agent({ keepAlive: true, ca: cert });
  const seen = { calls: 0, throttled: 0 };
  const server = createServer({ cert, key }, (request, response) => {
    seen.calls += 1;
    if (Math.random() < share) {
      seen.throttled += 1;
      refuse(request, response, service);
    } else {
      passOn(request, response, upstream, agent);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await closed;
      agent.destroy();
      return { ...seen };
    },
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, service: ThrottledService): void {
  const { status, type, body } = refusals[service];
  request.resume().on('end', () => {
    response.writeHead(status, { 'Content-Type': type, Connection: 'close' }).end(JSON.stringify(body));
  });
}

function passOn(request: IncomingMessage, response: ServerResponse, { endpoint }: Upstream, agent: Agent): void {
  const { hostname, port } = new URL(endpoint);
  const { method, url, headers } = request;
  const onward = httpsRequest({ hostname, port, method, path: url, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  // Who has asked may have been killed meanwhile.
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
