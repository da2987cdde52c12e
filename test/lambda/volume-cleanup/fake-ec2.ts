import { EC2Client } from '@aws-sdk/client-ec2';

/** Answer of EC2: XML within the response's element, or an error by its code. */
export type Ec2Answer = string | { readonly error: string; readonly status?: number };

/** Client of the SDK whose requests are answered with XML, as EC2 sends it, so that the SDK's reading is part of the test. */
export function fakeEc2(answer: (action: string, params: URLSearchParams) => Ec2Answer) {
  const requests: URLSearchParams[] = [];
  const client = new EC2Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 3,
    requestHandler: {
      handle: (request: { body?: unknown }) => {
        const params = new URLSearchParams(String(request.body));
        requests.push(params);
        const action = params.get('Action') ?? '';
        const given = answer(action, params);
        const [statusCode, xml] =
          typeof given === 'string'
            ? [200, `<${action}Response>${given}</${action}Response>`]
            : [
                given.status ?? 400,
                `<Response><Errors><Error><Code>${given.error}</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>`,
              ];
        const response = { statusCode, headers: {}, body: new TextEncoder().encode(xml) };
        return Promise.resolve({ response });
      },
    } as never,
  });
  return { client, requests };
}

/** Answers in pages of `MaxResults`, whose tokens are offsets. */
export function pageOf(items: readonly string[], params: URLSearchParams, set: string): string {
  const size = Number(params.get('MaxResults') ?? items.length);
  const start = Number(params.get('NextToken') ?? 0);
  const token = start + size < items.length ? `<nextToken>${start + size}</nextToken>` : '';
  const page = items.slice(start, start + size).map((item) => `<item>${item}</item>`);
  return `<${set}>${page.join('')}</${set}>${token}`;
}
