import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';

/** Error that a service answers with, by the name that its API reference has. */
export class ServiceError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** Operations of a service with one of AWS's JSON protocols, by name; they receive the caller's access key as well. */
export type Operations = Readonly<
  Record<string, (input: Record<string, unknown>, accessKeyId: string) => Promise<object>>
>;

export interface JsonService {
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  close(): void;
}

/** Request whose caller is to be checked. */
export interface NamedRequest {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly accessKeyId: string;
}

/**
 * Serves operations on the loopback interface. It does not check signatures.
 *
 * @param port by default a free one
 * @param authorize throws a ServiceError for a caller that may not perform the operation
 */
export async function serveJson(
  operations: () => Operations,
  authorize: (request: NamedRequest) => Promise<void>,
  { certificate, certificateKey }: { readonly certificate: string; readonly certificateKey: string },
  port = 0,
): Promise<JsonService> {
  const server = createServer(
    { cert: readFileSync(certificate), key: readFileSync(certificateKey) },
    (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
        const accessKeyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
        const act = async (): Promise<object> => {
          const input = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
          await authorize({ operation, input, accessKeyId });
          const perform = operations()[operation];
          if (perform === undefined) throw new ServiceError('UnknownOperationException', `no local ${operation}`);
          return perform(input, accessKeyId);
        };
        void answer(act).then(({ status, body }) => {
          response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
          response.end(JSON.stringify(body));
        });
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  const address = server.address() as AddressInfo;
  return {
    endpoint: `https://127.0.0.1:${address.port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(act: () => Promise<object>): Promise<{ status: number; body: object }> {
  try {
    return { status: 200, body: await act() };
  } catch (error) {
    const known = error instanceof ServiceError;
    const message = error instanceof Error ? error.message : String(error);
    return { status: known ? 400 : 500, body: { __type: known ? error.name : 'InternalFailure', message } };
  }
}
