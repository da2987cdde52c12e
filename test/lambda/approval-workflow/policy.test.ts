import {
  approvalsNeeded,
  approversOf,
  InvalidPolicyError,
  isMember,
  limitsOf,
  parsePolicy,
  personOf,
} from '../../../lambda/approval-workflow/policy';
import { policy } from './sample-request';

it('a person is known by the principal who signs', () => {
  expect(personOf(policy, 'arn:aws:iam::111122223333:user/ana')).toBe('ana');
  expect(personOf(policy, 'arn:aws:iam::111122223333:user/Ana')).toBeUndefined();
});

it('a team by the name of something that every object has is no team', () => {
  const parsed = parsePolicy(JSON.stringify(policy));
  expect(isMember(parsed, 'constructor', 'ana')).toBe(false);
  expect(approversOf(parsed, 'constructor', 'constructor')).toEqual([]);
});

it('nobody approves an own request', () => {
  expect(approversOf(policy, 'data', 'ana')).toEqual(['ben', 'cleo']);
});

it.each([
  ['another name of the same address', { principals: [], email: 'Ana@Example.com' }],
  [
    'another name of the same principal',
    { principals: ['arn:aws:iam::111122223333:user/ana'], email: 'b@example.com' },
  ],
])('%s does not approve either', (_, ben) => {
  const twice = { ...policy, people: { ...policy.people, ben } };
  expect(approversOf(twice, 'data', 'ana')).toEqual(['cleo']);
});

it('two names of one address are one approver', () => {
  const cleo = { principals: [], email: 'BEN@example.com' };
  expect(approversOf({ ...policy, people: { ...policy.people, cleo } }, 'data', 'ana')).toEqual(['ben']);
});

it('an approver who is no person of the policy is none', () => {
  const { cleo: _, ...people } = policy.people;
  expect(approversOf({ ...policy, people }, 'data', 'ana')).toEqual(['ben']);
  expect(approversOf(policy, 'other', 'ana')).toEqual([]);
});

it.each([
  [500, 0],
  [501, 1],
  [2_000, 1],
  [2_001, 2],
])('an estimate of %d cents needs %d approvals', (cents, needed) => {
  expect(approvalsNeeded(policy, cents)).toBe(needed);
});

it('a request counts in the limits of its team and of its person', () => {
  expect(limitsOf(policy, 'data', 'ana')).toEqual([
    { owner: 'team#data', machines: 3, monthlyCents: 10_050 },
    { owner: 'person#ana', machines: 2, monthlyCents: 5_000 },
  ]);
  expect(isMember(policy, 'data', 'cleo')).toBe(false);
  expect(isMember(policy, 'data', 'ben')).toBe(true);
});

it('a policy is read from the text of its parameter', () => {
  expect(parsePolicy(JSON.stringify(policy))).toEqual(policy);
});

it.each([
  ['no JSON', 'the policy parameter is not JSON'],
  ['{}', 'people'],
  [JSON.stringify({ ...policy, autoApproveDollars: -1 }), 'autoApproveDollars: use at least 0'],
  [JSON.stringify({ ...policy, twoApprovers: 1 }), 'leave out the field that is not known'],
])('a wrong policy is refused by its place: %s', (text, message) => {
  expect(() => parsePolicy(text)).toThrow(InvalidPolicyError);
  expect(() => parsePolicy(text)).toThrow(message);
});
