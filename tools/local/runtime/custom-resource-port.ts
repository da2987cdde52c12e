import https from 'node:https';

/** Path of the emulator for responses of custom resources. */
const responsePath = '/_ministack/cfn-response/';

/**
 * Adds the emulator's port to responses of custom resources: CDK's code and cfn-response use host and path of the
 * ResponseURL only, since the port is always 443 on AWS.
 */
export function restoreResponsePort(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const { port } = new URL(endpoint);
  const original = https.request.bind(https) as (...values: unknown[]) => ReturnType<typeof https.request>;
  const patched = (...values: unknown[]): ReturnType<typeof https.request> => {
    const [options, ...rest] = values;
    return original(isResponseWithoutPort(options) ? { ...options, port } : options, ...rest);
  };
  https.request = patched;
}

function isResponseWithoutPort(options: unknown): options is { path: string } {
  if (typeof options !== 'object' || options === null || options instanceof URL) return false;
  const { path, port } = options as { path?: unknown; port?: unknown };
  return (
    typeof path === 'string' && path.startsWith(responsePath) && (port === undefined || port === null || port === '')
  );
}
