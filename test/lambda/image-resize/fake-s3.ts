import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One object version as S3 holds it. */
export interface StoredObject {
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly versionId: string;
}

/** What a test may do to a request: answer it itself (true) or leave it to the fake. */
export type Meddler = (request: IncomingMessage, response: ServerResponse, name: string) => boolean;

/** As much of S3's HTTP interface as the function uses, on loopback: GET, HEAD, PUT and the deletion of many keys. */
export class FakeS3 {
  /** By `bucket/key`, newest version last. */
  readonly objects = new Map<string, StoredObject[]>();
  /** `METHOD bucket/key`, in the order of arrival. */
  readonly requests: string[] = [];
  meddle: Meddler = () => false;
  #nextVersion = 1;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  put(name: string, body: Buffer | string, headers: Record<string, string> = {}): string {
    const versionId = `v${this.#nextVersion++}`;
    const versions = this.objects.get(name) ?? [];
    this.objects.set(name, [...versions, { body: Buffer.from(body), headers, versionId }]);
    return versionId;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const name = decodeURIComponent(url.pathname.slice(1));
    this.requests.push(`${request.method} ${name}`);
    const body = await read(request);
    if (this.meddle(request, response, name)) return;
    if (request.method === 'PUT') this.#store(request, response, name, body);
    else if (request.method === 'POST') this.#delete(response, name, body.toString());
    else this.#show(request, response, name, url.searchParams.get('versionId'));
  }

  #show(request: IncomingMessage, response: ServerResponse, name: string, wanted: string | null): void {
    const versions = this.objects.get(name) ?? [];
    const found = wanted === null ? versions.at(-1) : versions.find((version) => version.versionId === wanted);
    if (!found) {
      absent(response, wanted === null ? 'NoSuchKey' : 'NoSuchVersion');
      return;
    }
    response.writeHead(200, {
      'content-length': found.body.length,
      etag: '"etag"',
      'x-amz-version-id': found.versionId,
      ...found.headers,
    });
    response.end(request.method === 'HEAD' ? undefined : found.body);
  }

  #store(request: IncomingMessage, response: ServerResponse, name: string, body: Buffer): void {
    const kept = Object.entries(request.headers).filter(
      ([header]) => ['content-type', 'cache-control'].includes(header) || /^x-amz-(meta|checksum)-/.test(header),
    );
    this.put(name, body, Object.fromEntries(kept.map(([header, value]) => [header, String(value)])));
    response.writeHead(200, { etag: '"etag"' }).end();
  }

  #delete(response: ServerResponse, name: string, body: string): void {
    const bucket = name.replace(/\/$/, '');
    for (const [, key] of body.matchAll(/<Key>(.*?)<\/Key>/g)) this.objects.delete(`${bucket}/${unescaped(key ?? '')}`);
    response.writeHead(200, { 'content-type': 'application/xml' }).end('<DeleteResult/>');
  }
}

/** Answers as S3 does where it cannot: `SlowDown` (503) makes the SDK wait longer than `InternalError` (500). */
export function refuse(response: ServerResponse, code: 'SlowDown' | 'InternalError'): true {
  response.writeHead(code === 'SlowDown' ? 503 : 500, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>refused</Message></Error>`);
  return true;
}

function absent(response: ServerResponse, code: string): void {
  response.writeHead(404, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>absent</Message></Error>`);
}

function unescaped(xml: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity] ?? '');
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
