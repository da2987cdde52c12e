import { request } from 'node:https';
import type { Answer } from './deployment';

/** Tells CloudFormation how a custom resource ended; without it a deployment waits for an hour. */
export function sendAnswer(url: string, answer: Answer): Promise<void> {
  const body = JSON.stringify(answer);
  const { hostname, port, pathname, search } = new URL(url);
  // The address is signed without a content type, so none is sent.
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  const options = { hostname, port, path: `${pathname}${search}`, method: 'PUT', headers, timeout: 10_000 };
  return new Promise((resolve, reject) => {
    const call = request(options, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      if (status < 300) resolve();
      else reject(new Error(`CloudFormation did not take the answer: status ${status}`));
    });
    call.on('timeout', () => call.destroy(new Error('CloudFormation did not take the answer within 10 s')));
    call.on('error', reject);
    call.end(body);
  });
}
