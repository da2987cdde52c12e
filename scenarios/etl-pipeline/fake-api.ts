import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answer other than the page that was asked for. */
export type ApiFault = 'throttled' | 'long wait' | 'failed' | 'reset' | 'cut off' | 'repeated' | 'expired';

export interface FakeApiOptions {
  /** JSON of each record. */
  readonly records: readonly string[];
  readonly pageSize: number;
  readonly token: string;
  /** Faults by the number of the request, from 1. */
  readonly faults?: Readonly<Record<number, ApiFault>>;
}

/** HTTP API on loopback that lists records in pages with cursors, or with numbers where the query has `page`. */
export class FakeApi {
  /** Cursor or number of each request; an empty text for the first page. */
  readonly asked: string[] = [];
  /** Records of the pages that were answered. */
  sent = 0;
  #generation = 1;
  #server: Server | undefined;

  constructor(private readonly options: FakeApiOptions) {}

  /** Serves, and returns the URL. */
  async listen(): Promise<string> {
    this.#server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const authorized = request.headers.authorization === `Bearer ${this.options.token}`;
      if (authorized) this.#answer(searchParams, response);
      else response.writeHead(401).end();
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/records`;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #answer(query: URLSearchParams, response: ServerResponse): void {
    const { records, pageSize, faults = {} } = this.options;
    const cursor = query.get('cursor') ?? '';
    const page = query.get('page');
    const fault = faults[this.asked.push(page ?? cursor)];
    if (fault === 'expired') this.#generation++;
    const [generation, start = '0'] = cursor.split('.');
    if (cursor !== '' && Number(generation) !== this.#generation) return void response.writeHead(410).end();
    if (fault !== undefined && refuse(response, fault)) return;
    const from = page === null ? Number(start) : (Number(page) - 1) * pageSize;
    const items = records.slice(from, from + pageSize);
    const end = from + pageSize >= records.length;
    const next = fault === 'repeated' ? `${from}.again` : end ? undefined : String(from + pageSize);
    const answer = `{"items":[${items.join(',')}]${next === undefined ? '' : `,"next":"${this.#generation}.${next}"`}}`;
    response.writeHead(200, { 'content-type': 'application/json' });
    if (fault === 'cut off') {
      response.write(answer.slice(0, answer.length / 2), () => response.destroy());
      return;
    }
    this.sent += items.length;
    response.end(answer);
  }
}

/** Answers with an error, and returns whether it did. */
function refuse(response: ServerResponse, fault: ApiFault): boolean {
  if (fault === 'throttled') response.writeHead(429, { 'retry-after': '1' }).end();
  else if (fault === 'long wait') response.writeHead(429, { 'retry-after': '3600' }).end();
  else if (fault === 'failed') response.writeHead(503).end('<html>');
  else if (fault === 'reset') response.destroy();
  else return false;
  return true;
}
