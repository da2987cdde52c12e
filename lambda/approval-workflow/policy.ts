import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import type { Limit } from './request-record';

export const nameSchema = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,39}$/, 'use 1 to 40 lower-case letters, digits and hyphens'));

const amount = z.number().check(z.nonnegative());
const limitsSchema = z.strictObject({ machines: z.int().check(z.nonnegative()), monthlyDollars: amount });

/** People, teams and limits: the text of an SSM parameter, which changes without a deployment. */
export const policySchema = z.strictObject({
  people: z.record(
    nameSchema,
    z.strictObject({
      /** ARNs as the function URL reports them: of IAM users, or of sessions of roles. */
      principals: z.array(z.string().check(z.startsWith('arn:'))),
      email: z.string().check(z.regex(/^[\x21-\x7e]+@[\x21-\x7e]+$/, 'use an email address')),
    }),
  ),
  teams: z.record(
    nameSchema,
    z.strictObject({ members: z.array(nameSchema), approvers: z.array(nameSchema), ...limitsSchema.shape }),
  ),
  perPerson: limitsSchema,
  /** Up to this estimate nobody is asked. */
  autoApproveDollars: amount,
  /** Above this estimate two people have to approve. */
  secondApproverDollars: amount,
});
export type Policy = z.output<typeof policySchema>;

/** The policy in the parameter is not one. */
export class InvalidPolicyError extends Error {
  override readonly name = 'InvalidPolicyError';
}

/** @throws InvalidPolicyError that names each wrong place and no value */
export function parsePolicy(text: string): Policy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidPolicyError('the policy parameter is not JSON: put a corrected one');
  }
  const parsed = policySchema.safeParse(value);
  if (parsed.success) {
    const { people, teams } = parsed.data;
    return { ...parsed.data, people: withoutPrototype(people), teams: withoutPrototype(teams) };
  }
  throw new InvalidPolicyError(`${describeIssues(parsed.error, 'policy').join('; ')}: put a corrected policy`);
}

/** Requesters choose the name of a team: `constructor` is none. */
function withoutPrototype<T extends object>(entries: T): T {
  return Object.assign(Object.create(null) as T, entries);
}

/** Name of the person who signs as this principal. */
export function personOf(policy: Policy, principal: string): string | undefined {
  return Object.keys(policy.people).find((name) => policy.people[name]?.principals.includes(principal));
}

export function isMember(policy: Policy, team: string, person: string): boolean {
  return policy.teams[team]?.members.includes(person) === true;
}

/**
 * Those who may approve a person's request for a team: never the requester, nor another name of the same address or principal.
 */
export function approversOf(policy: Policy, team: string, person: string): string[] {
  const own = policy.people[person];
  const address = own?.email.toLowerCase();
  const seen = new Set<string>();
  return (policy.teams[team]?.approvers ?? []).filter((name) => {
    const other = policy.people[name];
    if (other === undefined || name === person) return false;
    const email = other.email.toLowerCase();
    if (email === address || seen.has(email)) return false;
    seen.add(email);
    return !other.principals.some((principal) => own?.principals.includes(principal));
  });
}

/** Number of approvals that an estimate needs. */
export function approvalsNeeded(policy: Policy, estimateCents: number): 0 | 1 | 2 {
  if (estimateCents <= policy.autoApproveDollars * 100) return 0;
  return estimateCents <= policy.secondApproverDollars * 100 ? 1 : 2;
}

/** Limits that a request of the person for the team counts against. */
export function limitsOf(policy: Policy, team: string, person: string): Limit[] {
  const limit = (owner: string, { machines, monthlyDollars }: z.output<typeof limitsSchema>): Limit => ({
    owner,
    machines,
    monthlyCents: Math.floor(monthlyDollars * 100),
  });
  const ofTeam = policy.teams[team];
  return [...(ofTeam ? [limit(`team#${team}`, ofTeam)] : []), limit(`person#${person}`, policy.perPerson)];
}
