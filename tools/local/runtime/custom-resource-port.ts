import https from 'node:https';

/** Where the emulator takes the answers of custom resources. */
const answerPath = '/_ministack/cfn-response/';

/**
 * CDK's and cfn-response's code sends its answer to the host and path of the ResponseURL and leaves out the port, which
 * on AWS is always 443: the emulator's port is put back.
 */
export function restoreAnswerPort(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const { port } = new URL(endpoint);
  const original = https.request.bind(https) as (...values: unknown[]) => ReturnType<typeof https.request>;
  const patched = (...values: unknown[]): ReturnType<typeof https.request> => {
    const [options, ...rest] = values;
    return original(isAnswerWithoutPort(options) ? { ...options, port } : options, ...rest);
  };
  https.request = patched;
}

function isAnswerWithoutPort(options: unknown): options is { path: string } {
  if (typeof options !== 'object' || options === null || options instanceof URL) return false;
  const { path, port } = options as { path?: unknown; port?: unknown };
  return (
    typeof path === 'string' && path.startsWith(answerPath) && (port === undefined || port === null || port === '')
  );
}
