import * as z from 'zod/mini';
import { InvalidRequestError } from './form';

/**
 * Call of a function URL with AWS_IAM, in the payload format 2.0.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
const callSchema = z.object({
  rawPath: z.string(),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    http: z.object({ method: z.string(), sourceIp: z.string() }),
    authorizer: z.object({ iam: z.object({ userArn: z.string().check(z.minLength(1)) }) }),
  }),
});

/** Bytes of a body: many times what the longest form needs. */
const maximumBytes = 16_384;

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly sourceIp: string;
  /** ARN of the signer: of an IAM user, or of a session of a role. */
  readonly principal: string;
  /** @throws InvalidRequestError where the body is no JSON */
  body(): unknown;
}

/** @throws Error where the URL does not authenticate its callers */
export function parseCall(event: unknown): Call {
  const parsed = callSchema.safeParse(event);
  if (!parsed.success) throw new Error('the event is not of a function URL with AWS_IAM: invoke it through its URL');
  const { rawPath, body = '', isBase64Encoded, requestContext } = parsed.data;
  const { http, authorizer } = requestContext;
  return {
    method: http.method,
    path: rawPath,
    sourceIp: http.sourceIp,
    principal: authorizer.iam.userArn,
    body: () => parseBody(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body),
  };
}

function parseBody(text: string): unknown {
  if (Buffer.byteLength(text) > maximumBytes)
    throw new InvalidRequestError([`body: use at most ${maximumBytes} bytes`]);
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequestError(['body: use JSON']);
  }
}

export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function reply(statusCode: number, value: object): Reply {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(value) };
}
