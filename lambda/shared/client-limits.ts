import { finished, type Readable } from 'node:stream';
import { Semaphore } from './semaphore';

/** Limits of an SDK client, in milliseconds where they are times. */
export interface ClientLimits {
  /** Attempts of one call, the first included. @default 3 */
  readonly maxAttempts?: number;
  /** Requests on their way at once, including answers whose body is still being read; others wait. @default 50 */
  readonly maxInFlight?: number;
  /** @default 1,000 */
  readonly connectionTimeout?: number;
  /** Time until the answer begins. @default 2,000: most services answer in milliseconds, and another attempt is quicker than waiting */
  readonly requestTimeout?: number;
  /** Time without a byte, which ends a body that stops halfway. @default requestTimeout */
  readonly socketTimeout?: number;
}

/**
 * Configuration of an SDK client with these limits.
 *
 * Sockets are unlimited, since `limitInFlight` limits the requests: the SDK's timers start when a request is handed to the
 * agent, and would run while it waits there for a socket
 * (https://github.com/smithy-lang/smithy-typescript/blob/main/packages/node-http-handler/src/node-http-handler.ts).
 */
function clientConfig(limits: ClientLimits) {
  const { maxAttempts = 3, connectionTimeout = 1_000, requestTimeout = 2_000 } = limits;
  const { socketTimeout = requestTimeout } = limits;
  const agent = { maxSockets: Infinity };
  return {
    maxAttempts,
    requestHandler: {
      connectionTimeout,
      requestTimeout,
      socketTimeout,
      // The SDK only warns of a request that takes too long otherwise.
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}

/**
 * Makes a client with limits, which takes credentials and endpoint from the environment.
 *
 * @param region by default that of the environment
 */
export function createLimitedClient<Client extends LimitableClient>(
  ClientClass: new (config: ReturnType<typeof clientConfig> & { region?: string }) => Client,
  limits: ClientLimits,
  region?: string,
): Client {
  const client = new ClientClass({ ...clientConfig(limits), ...(region === undefined ? {} : { region }) });
  limitInFlight(client, limits.maxInFlight ?? 50);
  return client;
}

type Send = (args: { input: object }) => Promise<{ response: unknown; output: object }>;

interface CallContext {
  readonly __smithy_context?: { readonly abortSignal?: unknown };
}

/** Middleware as all clients take it, whatever their calls: https://github.com/smithy-lang/smithy-typescript/tree/main/packages/middleware-stack */
interface MiddlewareStack {
  addRelativeTo(
    middleware: (next: Send, context: CallContext) => Send,
    options: { name: string; relation: 'before'; toMiddleware: string },
  ): void;
  add(
    middleware: (next: Send, context: CallContext) => Send,
    options: { name: string; step: 'deserialize'; priority: 'low' },
  ): void;
}

/** SDK client; its stack is typed by its own calls, so that no type is common to all but this. */
interface LimitableClient {
  readonly middlewareStack: {
    addRelativeTo(middleware: never, options: never): void;
    add(middleware: never, options: never): void;
  };
}

/** Lets so many requests of a client be on their way at once: an attempt waits before it is signed, and before its timers start. */
function limitInFlight(client: LimitableClient, maxInFlight: number): void {
  const semaphore = new Semaphore(maxInFlight);
  const bodies = new WeakMap<CallContext, Readable>();
  const stack: MiddlewareStack = client.middlewareStack;
  stack.addRelativeTo(
    (next, context) => async (args) => {
      await semaphore.acquire(signalOf(context));
      try {
        return await next(args);
      } finally {
        const body = bodies.get(context);
        // An answer occupies its socket until its body has been read to the end, or was given up.
        if (body === undefined || body.closed) semaphore.release();
        else finished(body, () => semaphore.release());
        bodies.delete(context);
      }
    },
    { name: 'limitInFlight', relation: 'before', toMiddleware: 'httpSigningMiddleware' },
  );
  stack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const { body } = result.response as { body?: Readable };
      if (body !== undefined) bodies.set(context, body);
      return result;
    },
    { name: 'noteBody', step: 'deserialize', priority: 'low' },
  );
}

/** Signal of the call, as the SDK hands it to middleware; the retry middleware around this turns its reason into an AbortError. */
function signalOf({ __smithy_context: smithy }: CallContext): AbortSignal | undefined {
  return smithy?.abortSignal instanceof AbortSignal ? smithy.abortSignal : undefined;
}
