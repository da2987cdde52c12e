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

/** Calls of the documents API, with the types of its schemas. */
export class DocumentsClient {
  constructor(private readonly credentials: Credentials) {}

  create(document: NewDocument, headers: Record<string, string> = {}): Promise<Reply<DocumentBody>> {
    const body = JSON.stringify(document);
    return this.send('POST', 'documents', { body, headers: { 'content-type': 'application/json', ...headers } });
  }

  get(id: string): Promise<Reply<DocumentBody>> {
    return this.send('GET', `documents/${id}`);
  }

  list(query: Record<string, string> = {}): Promise<Reply<{ documents: DocumentBody[]; cursor?: string }>> {
    return this.send('GET', `documents?${new URLSearchParams(query).toString()}`);
  }

  patch(id: string, patch: DocumentPatch, ifMatch: string): Promise<Reply<DocumentBody>> {
    const headers = { 'content-type': 'application/merge-patch+json', 'if-match': ifMatch };
    return this.send('PATCH', `documents/${id}`, { body: JSON.stringify(patch), headers });
  }

  remove(id: string): Promise<Reply<undefined>> {
    return this.send('DELETE', `documents/${id}`);
  }

  /** Sends any request, valid or not. */
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
