import { request } from 'node:https';
import * as z from 'zod/mini';

/** Schema of CloudFormation's request to a custom resource, as far as it is used, with the resource's own properties. */
export function customResourceRequest<Properties extends z.ZodMiniType>(properties: Properties) {
  return z.object({
    RequestType: z.enum(['Create', 'Update', 'Delete']),
    ResponseURL: z.string(),
    StackId: z.string(),
    RequestId: z.string(),
    LogicalResourceId: z.string(),
    PhysicalResourceId: z.optional(z.string()),
    ResourceProperties: properties,
  });
}

/** Characters of a reason that is sent: CloudFormation accepts a response of at most 4,096 bytes. */
export const longestReason = 1_000;

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
