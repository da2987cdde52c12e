import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Returns a function that reads the key of cursors once per execution environment. Needs `secretsmanager:GetSecretValue`. */
export function cursorKeyOf(client: Pick<SecretsManagerClient, 'send'>, secretId: string): () => Promise<string> {
  let key: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (!SecretString) throw new Error('the secret of the cursors is empty: give it a random text');
    return SecretString;
  };
  return () =>
    (key ??= read().catch((error: unknown) => {
      key = undefined;
      throw error;
    }));
}
