import { Agent, request, type IncomingHttpHeaders } from 'node:http';

const version = '2018-06-01';

/** Invocation from the Runtime API. */
export interface Invocation {
  readonly requestId: string;
  readonly deadlineMilliseconds: number;
  readonly functionArn: string;
  readonly traceId: string | undefined;
  readonly clientContext: string | undefined;
  readonly identity: string | undefined;
  /** JSON. */
  readonly event: string;
}

/** Error in the format of the Runtime API. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Thrown when the Runtime API is gone or returns an error: the process must end. */
export class RuntimeApiError extends Error {
  override readonly name = 'RuntimeApiError';
}

/** Client of the HTTP API between a runtime and Lambda. */
export class RuntimeApi {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 2 });
  private readonly host: string;
  private readonly port: number;

  /** @param address host and port, as in AWS_LAMBDA_RUNTIME_API */
  constructor(address: string) {
    const [host = '', port = '80'] = address.split(':');
    this.host = host;
    this.port = Number(port);
  }

  /** Waits for the next event without a limit. */
  async next(): Promise<Invocation> {
    const { headers, body } = await this.call('GET', '/runtime/invocation/next');
    return {
      requestId: header(headers, 'lambda-runtime-aws-request-id') ?? '',
      deadlineMilliseconds: Number(header(headers, 'lambda-runtime-deadline-ms')),
      functionArn: header(headers, 'lambda-runtime-invoked-function-arn') ?? '',
      traceId: header(headers, 'lambda-runtime-trace-id'),
      clientContext: header(headers, 'lambda-runtime-client-context'),
      identity: header(headers, 'lambda-runtime-cognito-identity'),
      event: body,
    };
  }

  async respond(requestId: string, json: string): Promise<void> {
    await this.call('POST', `/runtime/invocation/${requestId}/response`, json);
  }

  async fail(requestId: string, error: ReportedError): Promise<void> {
    await this.call('POST', `/runtime/invocation/${requestId}/error`, JSON.stringify(error), error.errorType);
  }

  async failInit(error: ReportedError): Promise<void> {
    await this.call('POST', '/runtime/init/error', JSON.stringify(error), error.errorType);
  }

  private call(
    method: 'GET' | 'POST',
    path: string,
    body?: string,
    errorType?: string,
  ): Promise<{ headers: IncomingHttpHeaders; body: string }> {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body ?? ''),
      ...(errorType === undefined
        ? {}
        : { 'Lambda-Runtime-Function-Error-Type': errorType.replace(/[^\x20-\x7e]/g, '?') }),
    };
    return new Promise((resolve, reject) => {
      const { host, port, agent } = this;
      const call = request({ host, port, agent, method, path: `/${version}${path}`, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', (cause) => reject(new RuntimeApiError(`${path} was interrupted`, { cause })));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const status = response.statusCode ?? 0;
          if (status < 300) resolve({ headers: response.headers, body: text });
          else reject(new RuntimeApiError(`${path} answered ${status}: ${text}`));
        });
      });
      call.on('error', (cause) => reject(new RuntimeApiError(`${path} cannot be reached`, { cause })));
      call.end(body);
    });
  }
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
