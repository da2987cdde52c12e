import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DocumentBody, DocumentPatch, Link, NewDocument, Problem } from '../../lambda/rest-api/schemas';

export interface Credentials {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly accessToken: string;
}

/** Answer of the API: a body of the promised type, or the problem. */
export type Reply<Body> =
  | { readonly ok: true; readonly status: number; readonly headers: Headers; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly headers: Headers; readonly body: Problem };

/** Before a request is sent again, in milliseconds: a slow machine needs seconds. */
const pauses = [300, 1_000, 2_000, 4_000];

/** Calls of the documents API, with the types of its schemas; what may be repeated is, as clients do. */
export class DocumentsClient {
  constructor(private readonly credentials: Credentials) {}

  create(document: NewDocument, headers: Record<string, string> = {}): Promise<Reply<DocumentBody>> {
    const body = JSON.stringify(document);
    const repeatable = { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers };
    return this.sendAgain('POST', 'documents', { body, headers: repeatable });
  }

  get(id: string): Promise<Reply<DocumentBody>> {
    return this.sendAgain('GET', `documents/${id}`);
  }

  list(query: Record<string, string> = {}): Promise<Reply<{ documents: DocumentBody[]; cursor?: string }>> {
    return this.sendAgain('GET', `documents?${new URLSearchParams(query).toString()}`);
  }

  /** Is not repeated: where the first took effect, the second is refused. */
  patch(id: string, patch: DocumentPatch, ifMatch: string): Promise<Reply<DocumentBody>> {
    const headers = { 'content-type': 'application/merge-patch+json', 'if-match': ifMatch };
    return this.send('PATCH', `documents/${id}`, { body: JSON.stringify(patch), headers });
  }

  remove(id: string): Promise<Reply<undefined>> {
    return this.sendAgain('DELETE', `documents/${id}`);
  }

  /** Sends a request, and again where the answer asks for it, or the function had no time left. */
  async sendAgain<Body>(method: string, path: string, init: RequestInit = {}): Promise<Reply<Body>> {
    for (const pause of pauses) {
      const reply = await this.send<Body>(method, path, init);
      const isBusy = reply.status === 503 && reply.headers.get('retry-after') === '1';
      if (!isBusy && ![502, 504].includes(reply.status)) return reply;
      await sleep(pause);
    }
    return this.send(method, path, init);
  }

  /** Sends any request once, valid or not. */
  async send<Body>(method: string, path: string, init: RequestInit = {}): Promise<Reply<Body>> {
    const { apiUrl, apiKey, accessToken } = this.credentials;
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${accessToken}`);
    if (!headers.has('x-api-key')) headers.set('x-api-key', apiKey);
    const response = await fetch(`${apiUrl}${path}`, { ...init, method, headers });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const { ok, status } = response;
    return { ok, status, headers: response.headers, body } as Reply<Body>;
  }
}

/** Uses a link for an upload or a download. */
export function follow(link: Link, content?: Uint8Array<ArrayBuffer>): Promise<Response> {
  // fetch sets the length itself.
  const { 'content-length': _, ...headers } = link.headers;
  return fetch(link.url, { method: link.method, headers, ...(content === undefined ? {} : { body: content }) });
}
