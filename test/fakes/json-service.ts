import { FakeService, type FakeRequest, type FakeResponse } from './fake-service';

/** Refusal of a request, as the service words it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly members: object = {},
  ) {
    super(message);
  }
}

/** A service with one of AWS's JSON protocols: the operation is a header, input and output are JSON. */
export abstract class JsonService extends FakeService {
  protected abstract readonly operationHandlers: Readonly<Record<string, (input: never) => object>>;

  protected operationOf({ headers }: Omit<FakeRequest, 'operation'>): string {
    return headers['x-amz-target']?.split('.').at(-1) ?? 'Unknown';
  }

  protected carryOut({ operation, body }: FakeRequest): FakeResponse {
    const handle = this.operationHandlers[operation];
    if (handle === undefined) throw new Error(`the fake does not know ${operation}: teach it`);
    try {
      return jsonResponse(200, handle(JSON.parse(body.toString()) as never));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return jsonRefusal(error.code, error.message, error.members);
    }
  }
}

/** Response of a JSON service that refuses; 500 and above are tried again by the SDK. */
export function jsonRefusal(code: string, message = code, members: object = {}, status = 400): FakeResponse {
  return jsonResponse(status, { __type: `com.amazonaws#${code}`, message, ...members });
}

function jsonResponse(status: number, output: object): FakeResponse {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) };
}
