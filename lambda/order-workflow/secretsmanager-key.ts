import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { requestLimits } from '../shared/request-limits';

/** A key is read again after so long, so that a rotated one is taken up. */
const keptMilliseconds = 300_000;

/** Reads a secret's text, and keeps it for five minutes. Needs `secretsmanager:GetSecretValue`. */
export function secretKey(
  secretId: string,
  now: () => number,
  client: Pick<SecretsManagerClient, 'send'> = new SecretsManagerClient(requestLimits),
): () => Promise<string> {
  let kept: { readonly key: string; readonly at: number } | undefined;
  return async () => {
    if (kept !== undefined && now() - kept.at < keptMilliseconds) return kept.key;
    const { SecretString: key = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (key === '') throw new Error(`secret ${secretId} has no text: put the payment service's key there`);
    kept = { key, at: now() };
    return key;
  };
}
