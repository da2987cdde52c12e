import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { raceAbort } from '../../lambda/shared/race-abort';

export interface FakeRequest {
  /** Name of the API's operation: `PutObject`. */
  readonly operation: string;
  readonly method: string;
  /** As it came, percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface FakeResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream may stall or end early. */
  readonly body?: string | Buffer | Readable;
}

/** Answers instead of the service, or lets it answer. One that never resolves is a service that never answers. */
export type Interceptor = (request: FakeRequest) => FakeResponse | undefined | Promise<FakeResponse | undefined>;

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * A service in memory that speaks the API's own protocol, so that all of the SDK takes part: serialization, retries, errors.
 *
 * Tests hand `clientConfig` to a client that they make, or `listen` and load a handler, which makes its own.
 */
export abstract class FakeService {
  /** All requests, in the order of arrival, those that were intercepted too. */
  readonly requests: FakeRequest[] = [];
  /** Called before a request is carried out: where it responds, nothing is carried out. */
  before: Interceptor = () => undefined;
  /** Called after a request was carried out: where it responds, the service's own answer is lost. */
  after: Interceptor = () => undefined;
  /** Name of the service in the SDK's variables: `S3` of `AWS_ENDPOINT_URL_S3`. */
  abstract readonly serviceId: string;
  #server: Server | undefined;

  protected abstract operationOf(request: Omit<FakeRequest, 'operation'>): string;
  protected abstract carryOut(request: FakeRequest): FakeResponse;

  /** Names of the operations that were asked for, in order. */
  get operations(): string[] {
    return this.requests.map(({ operation }) => operation);
  }

  /** Configuration of a client whose requests come here, without a socket and with one attempt only. */
  get clientConfig() {
    return {
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      requestHandler: {
        handle: async (request: SdkRequest, { abortSignal }: { abortSignal?: unknown } = {}) => {
          const signal = abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal;
          const { status, headers = {}, body = '' } = await this.#answerSdk(request, signal);
          return { response: { statusCode: status, headers, body: body instanceof Readable ? body : bytesOf(body) } };
        },
        updateHttpClientConfig: () => undefined,
        httpHandlerConfigs: () => ({}),
      },
    };
  }

  /** Serves on loopback, and returns the environment in which every client of the service comes here. */
  async listen(): Promise<Record<string, string>> {
    this.#server = createServer((request, response) => void this.#serve(request, response)).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return { [`AWS_ENDPOINT_URL_${this.serviceId}`]: `http://127.0.0.1:${port}` };
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #answerSdk(
    { method, path, query = {}, headers, body }: SdkRequest,
    signal: AbortSignal,
  ): Promise<FakeResponse> {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      [value ?? ''].flat().map((one): [string, string] => [name, one]),
    );
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const request = {
      method,
      path,
      query: new URLSearchParams(pairs),
      headers: Object.fromEntries(lower) as Record<string, string>,
      body: await collect(body),
    };
    try {
      return await raceAbort(signal, () => this.#answer(request));
    } catch (error) {
      if (signal.aborted) throw Object.assign(new Error('Request aborted', { cause: error }), { name: 'AbortError' });
      throw error;
    }
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = message;
    const [path = '', query = ''] = url.split(/\?(.*)/s);
    const request = { method, path, query: new URLSearchParams(query), headers: headers as Record<string, string> };
    const unknown = (error: unknown): FakeResponse => ({ status: 501, body: String(error) });
    const answer = await this.#answer({ ...request, body: await collect(message) }).catch(unknown);
    const { status, headers: answered = {}, body = '' } = answer;
    response.writeHead(status, answered);
    if (body instanceof Readable) body.pipe(response);
    else response.end(method === 'HEAD' ? undefined : body);
  }

  async #answer(raw: Omit<FakeRequest, 'operation'>): Promise<FakeResponse> {
    const request = { ...raw, operation: this.operationOf(raw) };
    this.requests.push(request);
    const instead = await this.before(request);
    if (instead) return instead;
    const answer = this.carryOut(request);
    return (await this.after(request)) ?? answer;
  }
}

function bytesOf(body: string | Buffer): Readable {
  return Readable.from([Buffer.from(body)], { objectMode: false });
}

async function collect(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  // Not by its valueOf, which the SDK's bytes warn of.
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
