import type { Context } from 'aws-lambda';

export type LoadedHandler<Answer> = (event: unknown, context?: Context) => Promise<Answer>;

/** Environment of every function here; the credentials are nobody's. */
const commonEnvironment = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  POWERTOOLS_SERVICE_NAME: 'test',
  POWERTOOLS_METRICS_NAMESPACE: 'Test',
};

/**
 * Loads `lambda/<file>.ts` anew in an environment of its own, which a handler reads when it is loaded.
 *
 * @param file such as `queue-processor/fulfil-order`
 * @param environment undefined: not set
 */
export function loadHandler<Answer = unknown>(
  file: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): LoadedHandler<Answer> {
  for (const [name, value] of Object.entries<string | undefined>({ ...commonEnvironment, ...environment })) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  const loaded: { handler?: (event: unknown, context: Context) => Promise<Answer> } = {};
  jest.isolateModules(() => Object.assign(loaded, jest.requireActual<object>(`../../lambda/${file}`)));
  const { handler } = loaded;
  if (handler === undefined) throw new Error(`lambda/${file}.ts exports no handler`);
  return (event, context = lambdaContext()) => handler(event, context);
}

/** Context of an invocation that ends so many milliseconds from now. */
export function lambdaContext(milliseconds = 10_000): Context {
  const end = Date.now() + milliseconds;
  return {
    functionName: 'function',
    functionVersion: '$LATEST',
    awsRequestId: 'request-1',
    getRemainingTimeInMillis: () => end - Date.now(),
  } as Context;
}
