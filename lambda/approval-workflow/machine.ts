import type { RequestRecord } from './request-record';

/** Token of one attempt: EC2 keeps tokens for each zone, so each subnet has its own. 28 characters of 64. */
export function clientToken(requestId: string, attempt: number): string {
  return `${requestId}-${attempt}`;
}

/** Tag by which machines of this stack are found and may be terminated. */
export const managedByTag = 'ManagedBy';
export const requestTag = 'RequestId';

/** The end is the one at the launch: an extension does not change tags. */
export function tagsOf({ requestId, person, team, endsAt }: RequestRecord, managedBy: string): Record<string, string> {
  return {
    Name: requestId,
    [requestTag]: requestId,
    Owner: person,
    Team: team,
    EndsAt: endsAt,
    [managedByTag]: managedBy,
  };
}

/** Start script by its name, from the JSON of the parameter; `none` is none. */
export function startScriptOf(scripts: string, name: string): string {
  if (name === 'none') return '';
  const script = (JSON.parse(scripts) as Record<string, unknown>)[name];
  if (typeof script !== 'string')
    throw new Error(`no start script ${name} in the parameter: add it, or cancel the request`);
  return script;
}
