import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as httpsRequest, type Agent } from 'node:https';

/** Gives an answer as it came. */
export function giveBack(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
}

/**
 * Sends a call on as it came, signature and all.
 *
 * @param endpoint such as `https://127.0.0.1:41234`
 * @param take what becomes of the answer
 */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: string,
  agent: Agent,
  take: (answer: IncomingMessage) => void = (answer) => giveBack(answer, response),
): void {
  if (response.destroyed) return;
  const { hostname, port } = new URL(endpoint);
  const { method, url, headers } = request;
  const onward = httpsRequest({ hostname, port, method, path: url, headers, agent }, take);
  onward.on('error', () => response.destroy());
  // Who has asked may have been killed meanwhile.
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
