import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ApiRefusedError } from '../errors';

/** Reads the token of the API. Needs `secretsmanager:GetSecretValue`. */
export async function readToken(
  { client, signal }: { readonly client: Pick<SecretsManagerClient, 'send'>; readonly signal: AbortSignal },
  SecretId: string,
): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }), { abortSignal: signal });
  if (SecretString === undefined) throw new ApiRefusedError('the token is binary: put it in as text');
  return SecretString;
}
