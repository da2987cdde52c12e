import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { exposedHeaders } from '../../lambda/rest-api/cors';
import { titles, type ErrorStatus } from '../../lambda/rest-api/problem';

interface OwnAnswer {
  readonly type: ResponseType;
  /** Undefined: that of the answer, which only the gateway knows. */
  readonly status?: number;
  /** @default the phrase of the status */
  readonly title?: string;
  /** Next step of the caller. @default the gateway's own message */
  readonly detail?: string;
  readonly retryAfter?: number;
}

const forbidden = 'the request is not allowed';
const failed = 'the request failed: quote its requestId to report it';

/**
 * Answers that the gateway gives itself, each with its status. The default ones are for what has no type of its own, such as a
 * function that ends without an answer (502) or that Lambda does not start (500); they keep the status, since one of theirs
 * would replace those of all others.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
const answers: readonly OwnAnswer[] = [
  { type: ResponseType.ACCESS_DENIED, status: 403, detail: forbidden },
  { type: ResponseType.API_CONFIGURATION_ERROR, status: 500, detail: failed },
  { type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR, status: 500, detail: failed },
  { type: ResponseType.AUTHORIZER_FAILURE, status: 500, detail: failed },
  { type: ResponseType.BAD_REQUEST_BODY, status: 400, detail: 'the body does not match the description of the API' },
  { type: ResponseType.BAD_REQUEST_PARAMETERS, status: 400 },
  { type: ResponseType.DEFAULT_4XX, title: titles[400] },
  { type: ResponseType.DEFAULT_5XX, title: titles[500], detail: failed },
  { type: ResponseType.EXPIRED_TOKEN, status: 401, detail: 'the token has expired' },
  { type: ResponseType.INTEGRATION_FAILURE, status: 504, detail: failed },
  { type: ResponseType.INTEGRATION_TIMEOUT, status: 504, detail: failed },
  { type: ResponseType.INVALID_API_KEY, status: 403, detail: 'send a valid API key as x-api-key' },
  { type: ResponseType.INVALID_SIGNATURE, status: 401, detail: 'use an access token' },
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, status: 401, detail: 'use an access token' },
  { type: ResponseType.QUOTA_EXCEEDED, status: 429, detail: 'the quota of the API key is used up', retryAfter: 3_600 },
  { type: ResponseType.REQUEST_TOO_LARGE, status: 413, detail: 'use a smaller body' },
  { type: ResponseType.RESOURCE_NOT_FOUND, status: 404, detail: 'there is no such resource' },
  { type: ResponseType.THROTTLED, status: 429, detail: 'send fewer requests a second', retryAfter: 1 },
  { type: ResponseType.UNAUTHORIZED, status: 401, detail: 'use an access token that is valid for this method' },
  { type: ResponseType.UNSUPPORTED_MEDIA_TYPE, status: 415, detail: 'use a content type of the method' },
  { type: ResponseType.WAF_FILTERED, status: 403, detail: forbidden },
];

/** Gives every answer of the gateway's own the form of the handler's: RFC 9457, with the id of the request. */
export function addGatewayResponses(api: RestApi, corsOrigins: readonly string[]): void {
  for (const answer of answers) {
    const { type, status, retryAfter } = answer;
    api.addGatewayResponse(type.responseType, {
      type,
      ...(status === undefined ? {} : { statusCode: String(status) }),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        'Cache-Control': "'no-store'",
        ...(corsOrigins.length === 0 ? {} : corsOfRefusals),
        ...(retryAfter === undefined ? {} : { 'Retry-After': `'${retryAfter}'` }),
      },
      templates: { 'application/json': templateOf(answer) },
    });
  }
}

/**
 * Lets any page read a refusal: the gateway can only repeat an origin, not compare it. It holds nothing of the API's, and no
 * credentials are allowed.
 */
const corsOfRefusals = {
  'Access-Control-Allow-Origin': 'method.request.header.Origin',
  'Access-Control-Expose-Headers': `'${exposedHeaders.join(', ')}'`,
  Vary: "'Origin'",
};

/** `messageString` is the message as JSON; `validationErrorString` is not, and would break the body. */
function templateOf({ status, detail, ...given }: OwnAnswer): string {
  const title = given.title ?? (status === 504 ? 'Gateway Timeout' : titles[status as ErrorStatus]);
  const texts = { type: 'about:blank', title, status };
  const message = detail === undefined ? '$context.error.messageString' : JSON.stringify(detail);
  return `${JSON.stringify(texts).slice(0, -1)},"detail":${message},"requestId":"$context.requestId"}`;
}
