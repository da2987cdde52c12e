import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Answer of a receiver that does not confirm the message. */
export type ReceiverFault = 'failed' | 'throttled' | 'slow' | 'reset';

/** Request to a receiver. */
export interface Received {
  readonly path: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly fault?: ReceiverFault;
}

/** Seconds that a throttled sender has to wait. */
export const retryAfterSeconds = 12;

/** Receiver of webhooks on loopback; each path has its own faults, one for each request, and confirms after them. */
export class FakeReceiver {
  readonly received: Received[] = [];
  #server: Server | undefined;

  constructor(private readonly faults: Readonly<Record<string, readonly ReceiverFault[]>>) {}

  /** Serves, and returns the URL without a path. */
  async listen(): Promise<string> {
    this.#server = createServer((request, response) => void this.#receive(request, response));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Requests to a path: those that it confirmed, or the others. */
  at(path: string, confirmed: boolean): Received[] {
    return this.received.filter((one) => one.path === path && (one.fault === undefined) === confirmed);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const body = await text(request).catch(() => '');
    const before = this.received.filter((one) => one.path === path).length;
    const fault = this.faults[path]?.[before];
    this.received.push({ path, body, at: Date.now(), ...(fault === undefined ? {} : { fault }) });
    if (fault === undefined) response.writeHead(202).end('ok');
    else if (fault === 'failed') response.writeHead(500).end('<html>');
    else if (fault === 'throttled') response.writeHead(429, { 'retry-after': String(retryAfterSeconds) }).end();
    else if (fault === 'reset') response.destroy();
    // A slow one answers nothing: the sender gives up.
  }
}
