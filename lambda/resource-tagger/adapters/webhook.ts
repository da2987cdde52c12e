import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { connectionFailure } from '../../shared/error-names';
import type { PostResult } from '../deliver-notices';

/** Returns the URL in the secret, or undefined where nobody has put one there. Needs `secretsmanager:GetSecretValue`. */
export async function readUrl(
  client: Pick<SecretsManagerClient, 'send'>,
  SecretId: string,
  abortSignal: AbortSignal,
): Promise<URL | undefined> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }), { abortSignal });
  const url = URL.parse(SecretString.trim());
  if (url === null) return undefined;
  // Plain HTTP only within the machine, where proofs have their receivers.
  return url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === '127.0.0.1') ? url : undefined;
}

/** Posts JSON; confirmed by any 2xx. Follows no redirection, which would send the message elsewhere. */
export async function postJson(url: URL, body: object, signal: AbortSignal, now: () => number): Promise<PostResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    if (response.ok) return { confirmed: true };
    const retryAfterSeconds = secondsOf(response.headers.get('retry-after'), now());
    const reason = `status ${response.status}`;
    return { confirmed: false, reason, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  } catch (error) {
    return { confirmed: false, reason: connectionFailure(error) };
  }
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function secondsOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1_000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
