import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as httpsRequest, type Agent } from 'node:https';

/** Returns the upstream response to the client unchanged. */
export function forwardResponse(upstream: IncomingMessage, response: ServerResponse): void {
  response.writeHead(upstream.statusCode ?? 502, upstream.headers);
  upstream.pipe(response);
}

/**
 * Forwards a request unchanged, including its signature.
 *
 * @param endpoint such as `https://127.0.0.1:41234`
 * @param onResponse receives the upstream response; by default it is forwarded
 */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: string,
  agent: Agent,
  onResponse: (upstream: IncomingMessage) => void = (upstream) => forwardResponse(upstream, response),
): void {
  if (response.destroyed) return;
  const { hostname, port } = new URL(endpoint);
  const { method, url, headers } = request;
  const onward = httpsRequest({ hostname, port, method, path: url, headers, agent }, onResponse);
  onward.on('error', () => response.destroy());
  // The client may have been killed meanwhile.
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
