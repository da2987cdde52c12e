import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { ClientSettings } from '../client-settings';

/**
 * Settings of clients with the role of a project, as its builds have them. The emulator lets its root key pass for the service
 * that the role trusts, and enforces the policies of the role.
 */
export async function settingsOfRole(
  settings: ClientSettings,
  RoleArn: string,
  buildId: string,
): Promise<ClientSettings> {
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  const RoleSessionName = `AWSCodeBuild-${buildId.replace(/^.*:/, '')}`.slice(0, 64);
  const { Credentials } = await new STSClient(settings).send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return {
    ...settings,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}

/** Variables by which programs of a build find these credentials. */
export function credentialVariables({ credentials }: ClientSettings): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}
