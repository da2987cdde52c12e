import { request } from 'node:https';

/** CloudFormation accepts at most 4,096 bytes of it. */
export interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Attributes of the resource. */
  readonly Data?: Readonly<Record<string, string>>;
}

/** Sends CloudFormation the result of a custom resource; without it a deployment waits for an hour. */
export function sendResponse(url: string, response: CustomResourceResponse): Promise<void> {
  const body = JSON.stringify(response);
  const { hostname, port, pathname, search } = new URL(url);
  // The URL is signed without a content type, so the request must not have one.
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  const options = { hostname, port, path: `${pathname}${search}`, method: 'PUT', headers, timeout: 10_000 };
  return new Promise((resolve, reject) => {
    const call = request(options, (answer) => {
      answer.resume();
      const status = answer.statusCode ?? 0;
      if (status < 300) resolve();
      else reject(new Error(`CloudFormation refused the response: status ${status}`));
    });
    call.on('timeout', () => call.destroy(new Error('CloudFormation did not accept the response within 10 s')));
    call.on('error', reject);
    call.end(body);
  });
}
