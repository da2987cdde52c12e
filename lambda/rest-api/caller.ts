import { ProblemError } from './problem';
import type { ApiRequest } from './request';

/** Access that a method needs: reading or writing documents. */
export type Access = 'read' | 'write';

/**
 * Scope of the access tokens of users that sign in through the user pool's API, which gives no others.
 * https://repost.aws/knowledge-center/api-calls-access-tokens-custom-scopes
 */
export const userScope = 'aws.cognito.signin.user.admin';

/** Scope of a machine client's access token: what it may do is chosen when the client is made. */
export const machineScope = (access: Access): string => `documents/${access}`;

/**
 * Returns the caller's id, under which its documents are stored.
 *
 * The gateway has verified signature, expiry and user pool of the token. It does not compare the client, and an access token
 * of Cognito has no `aud`: one of another client of the pool would pass.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 *
 * @throws ProblemError 401, 403
 */
export function callerOf({ claims }: ApiRequest, access: Access, clientIds: readonly string[]): string {
  const { token_use: use, client_id: clientId, scope, sub } = claims;
  if (use !== 'access' || !sub || !/^[\w-]+$/.test(sub)) throw new ProblemError(401, 'use an access token');
  if (!clientId || !clientIds.includes(clientId)) throw new ProblemError(403, 'the token is of another client');
  const scopes = (scope ?? '').split(' ');
  if (!scopes.includes(userScope) && !scopes.includes(machineScope(access))) {
    throw new ProblemError(403, `the token lacks the scope ${machineScope(access)}`);
  }
  return sub;
}
