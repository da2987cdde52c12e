import { Agent, createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DisturbedCalls, DisturbedService, Disturbance } from '../../../scenarios/shared/faults/fault-injector';
import { forwardRequest } from './forward-request';
import { throttlingResponses } from './throttling-responses';

/** Target of the proxy, and the certificate of both. */
export interface Upstream {
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface DisturbingProxy {
  readonly port: number;
  /** Finishes active calls, accepts no new ones and returns the counts. */
  stop(): Promise<DisturbedCalls>;
}

const usualSlowMilliseconds = 1_000;

/**
 * Starts a proxy that forwards calls unchanged, including their signatures, and disturbs some of them.
 *
 * @param random returns a number from 0 to below 1, which selects the calls
 */
export async function startDisturbingProxy(
  upstream: Upstream,
  service: DisturbedService,
  disturbance: Disturbance,
  random: () => number,
): Promise<DisturbingProxy> {
  const { certificate: cert, key } = upstream;
  const agent = new Agent({ keepAlive: true, ca: cert });
  const seen = { calls: 0, throttled: 0, dropped: 0, unanswered: 0, slow: 0 };
  const { slowMilliseconds = usualSlowMilliseconds } = disturbance;
  const server = createServer({ cert, key }, (request, response) => {
    seen.calls += 1;
    const effect = effectOf(disturbance, random());
    if (effect !== 'passed') seen[effect] += 1;
    const pass = (onResponse?: (upstream: IncomingMessage) => void): void =>
      forwardRequest(request, response, upstream.endpoint, agent, onResponse);
    if (effect === 'passed') pass();
    else if (effect === 'throttled') throttle(request, response, service);
    else if (effect === 'dropped') request.socket.destroy();
    else if (effect === 'slow') setTimeout(pass, slowMilliseconds);
    // The call has taken effect by the time of its response.
    else pass((answer) => answer.resume().on('end', () => request.socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection is idle only after its last response is sent.
      const closing = setInterval(() => server.closeIdleConnections(), 50);
      await closed;
      clearInterval(closing);
      agent.destroy();
      return { ...seen };
    },
  };
}

type Effect = Exclude<keyof DisturbedCalls, 'calls'> | 'passed';

function effectOf({ throttled = 0, dropped = 0, unanswered = 0, slow = 0 }: Disturbance, fraction: number): Effect {
  const shares = { throttled, dropped, unanswered, slow };
  let below = 0;
  for (const [effect, share] of Object.entries(shares) as [keyof typeof shares, number][]) {
    below += share;
    if (fraction < below) return effect;
  }
  return 'passed';
}

function throttle(request: IncomingMessage, response: ServerResponse, service: DisturbedService): void {
  const { status, type, body } = throttlingResponses[service];
  request.resume().on('end', () => {
    response.writeHead(status, { 'Content-Type': type, Connection: 'close' });
    // A response to HEAD has no body.
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}
