import { callerOf, type Access } from '../../../lambda/rest-api/caller';
import type { ApiRequest } from '../../../lambda/rest-api/request';
import { claimsOf } from './test-api';

const caller = (claims: Record<string, string>, access: Access = 'read') =>
  callerOf({ claims } as unknown as ApiRequest, access, ['client-1', 'client-2']);

it('is the subject of an access token of a known client', () => {
  expect(caller(claimsOf('ada'), 'write')).toBe('ada');
});

it.each([
  ['an ID token', { token_use: 'id' }, 401],
  ['no subject', { sub: '' }, 401],
  ['a subject that is no id', { sub: 'a/b' }, 401],
  ['another client', { client_id: 'client-3' }, 403],
  ['no client', { client_id: '' }, 403],
  ['no scope', { scope: '' }, 403],
  ['a scope that only begins like one', { scope: 'documents/reader aws.cognito.signin.user.adminx' }, 403],
])('refuses a token with %s', (_, wrong, status) => {
  expect(() => caller({ ...claimsOf('ada'), ...wrong })).toThrow(expect.objectContaining({ status }) as Error);
});

it('lets a machine client read or write by its scopes', () => {
  const machine = { ...claimsOf('client-2'), client_id: 'client-2', scope: 'documents/read' };
  expect(caller(machine, 'read')).toBe('client-2');
  expect(() => caller(machine, 'write')).toThrow('the token lacks the scope documents/write');
});
