import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Request of a runtime to the API. */
export interface RuntimeResponse {
  readonly path: string;
  readonly body: unknown;
  readonly errorType: string | undefined;
}

/** Small Runtime API: returns queued events, and keeps the responses. */
export class FakeRuntimeApi {
  readonly responses: RuntimeResponse[] = [];
  private readonly events: unknown[] = [];
  private readonly waiting: ServerResponse[] = [];
  private readonly listeners: (() => void)[] = [];
  private count = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeRuntimeApi> {
    const server = createServer();
    const api = new FakeRuntimeApi(server);
    server.on('request', (request, response) => api.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  send(event: unknown): void {
    this.events.push(event);
    this.handOut();
  }

  /** Waits for this many responses of the runtime. */
  async received(count: number): Promise<RuntimeResponse[]> {
    while (this.responses.length < count) await new Promise<void>((resolve) => this.listeners.push(resolve));
    return this.responses;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'GET') {
      this.waiting.push(response);
      this.handOut();
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const errorType = request.headers['lambda-runtime-function-error-type'];
      this.responses.push({ path: request.url ?? '', body: JSON.parse(body), errorType: errorType?.toString() });
      response.writeHead(202).end();
      for (const listener of this.listeners.splice(0)) listener();
    });
  }

  private handOut(): void {
    if (this.events.length === 0) return;
    const response = this.waiting.shift();
    if (response === undefined) return;
    this.count += 1;
    response.writeHead(200, {
      'Lambda-Runtime-Aws-Request-Id': `request-${this.count}`,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + 60_000),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:000000000000:function:f',
      'Lambda-Runtime-Trace-Id': 'Root=1-trace',
    });
    response.end(JSON.stringify(this.events.shift()));
  }
}

/** A function that runs on the runtime client. */
export interface RunningFunction {
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  readonly process: ChildProcess;
}

export async function startFunction(
  client: string,
  api: FakeRuntimeApi,
  code: string,
  environment: Record<string, string> = {},
): Promise<RunningFunction> {
  const folder = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(folder, 'index.js'), code);
  const child = spawn(process.execPath, [client], {
    cwd: folder,
    env: {
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'index.handler',
      ...environment,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  await once(child, 'spawn');
  return { output: () => output, exited, process: child };
}
