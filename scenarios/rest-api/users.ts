import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { randomBytes } from 'node:crypto';
import type { ScenarioRun } from '../shared/scenario';

export interface Tokens {
  readonly access: string;
  readonly id: string;
}

interface PoolClient {
  readonly UserPoolId: string;
  readonly ClientId: string;
}

/** Adds a user of the API until the end of the check, and signs it in. */
export function addUser(run: ScenarioRun, name: string): Promise<Tokens> {
  return addUserTo(run, { UserPoolId: run.output('UserPoolId'), ClientId: run.output('UserPoolClientId') }, name);
}

/** Adds a user to any pool until the end of the check, and signs it in with a client. */
export async function addUserTo(run: ScenarioRun, { UserPoolId, ClientId }: PoolClient, name: string): Promise<Tokens> {
  const cognito = new CognitoIdentityProviderClient({});
  const Username = `${run.runId}-${name}@example.com`;
  const Password = `Aa1!${randomBytes(12).toString('hex')}`;
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
  run.cleanUp(`user ${name}`, async () => {
    await cognito.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
  });
  await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  const { AuthenticationResult } = await cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  );
  return { access: AuthenticationResult?.AccessToken ?? '', id: AuthenticationResult?.IdToken ?? '' };
}
