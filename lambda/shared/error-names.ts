/** Returns the name of an error alone: its message may quote the URL, which is a secret. */
export function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : typeof error;
}

/**
 * Name of a failed connection: the code of its cause, such as `ENOTFOUND` or `CERT_HAS_EXPIRED`, since Node's fetch has one name for
 * all of them.
 */
export function connectionFailure(error: unknown): string {
  const { cause } = Object(error) as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : nameOf(error);
}
