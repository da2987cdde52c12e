import { Agent, createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DisturbedCalls, DisturbedService, Disturbance } from '../../../scenarios/shared/faults/fault-injector';
import { forwardRequest } from './forward-request';
import { throttlingResponses } from './throttling-responses';

/** Where the calls go that are let through, and the certificate that both sides show. */
export interface Upstream {
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface DisturbingProxy {
  readonly port: number;
  /** Answers what is under way, takes no more, and tells what came. */
  stop(): Promise<DisturbedCalls>;
}

const usualSlowMilliseconds = 1_000;

/**
 * Passes calls on as they are, signature and all, and disturbs some of them.
 *
 * @param random at least 0 and below 1: which calls
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
    const pass = (take?: (answer: IncomingMessage) => void): void =>
      forwardRequest(request, response, upstream.endpoint, agent, take);
    if (effect === 'passed') pass();
    else if (effect === 'throttled') refuse(request, response, service);
    else if (effect === 'dropped') request.socket.destroy();
    else if (effect === 'slow') setTimeout(pass, slowMilliseconds);
    // The service has done it by the time that its answer is there.
    else pass((answer) => answer.resume().on('end', () => request.socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection whose last answer is still on its way is idle only after that.
      const closing = setInterval(() => server.closeIdleConnections(), 50);
      await closed;
      clearInterval(closing);
      agent.destroy();
      return { ...seen };
    },
  };
}

type Effect = Exclude<keyof DisturbedCalls, 'calls'> | 'passed';

function effectOf({ throttled = 0, dropped = 0, unanswered = 0, slow = 0 }: Disturbance, chance: number): Effect {
  const shares = { throttled, dropped, unanswered, slow };
  let below = 0;
  for (const [effect, share] of Object.entries(shares) as [keyof typeof shares, number][]) {
    below += share;
    if (chance < below) return effect;
  }
  return 'passed';
}

function refuse(request: IncomingMessage, response: ServerResponse, service: DisturbedService): void {
  const { status, type, body } = throttlingResponses[service];
  request.resume().on('end', () => {
    response.writeHead(status, { 'Content-Type': type, Connection: 'close' });
    // The answer to HEAD has no body.
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}
