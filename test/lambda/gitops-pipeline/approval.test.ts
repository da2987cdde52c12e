import fc from 'fast-check';
import { checkDecision, personOf, type ApprovalRequest, type Decision } from '../../../lambda/gitops-pipeline/approval';

const pusher = 'arn:aws:sts::111111111111:assumed-role/Developer/alice';
const other = 'arn:aws:sts::111111111111:assumed-role/Releaser/bob';
const federated = 'arn:aws:sts::111111111111:federated-user/carol';
const request: ApprovalRequest = {
  runId: 'prod-1',
  round: 0,
  digest: 'a'.repeat(64),
  diffHash: 'b'.repeat(64),
  expiresAt: 100,
  pusher,
};
const decision: Decision = {
  runId: 'prod-1',
  round: 0,
  digest: request.digest,
  diffHash: request.diffHash,
  decision: 'approve',
};

it('somebody else approves the artifact and the difference in time', () => {
  expect(checkDecision(request, decision, { arn: other, now: 99 })).toBe('accepted');
});

it.each([
  ['the pusher', {}, {}, pusher, 'own push'],
  ['the pusher under another session name', {}, {}, pusher.replace('alice', 'carol'), 'own push'],
  ["the pusher's role by its own ARN", {}, {}, 'arn:aws:iam::111111111111:role/team/Developer', 'own push'],
  ['anybody if the pusher is unknown', { pusher: undefined }, {}, other, 'pusher unknown'],
  ['anybody if a federated user has pushed', { pusher: federated }, {}, other, 'pusher unknown'],
  ['a federated user, who may be the pusher', {}, {}, federated, 'caller unknown'],
  ['a replay', { decision: 'approve' }, {}, other, 'already decided'],
  ['an approval of another artifact', {}, { digest: 'c'.repeat(64) }, other, 'another artifact'],
  ['an approval of another difference', {}, { diffHash: 'c'.repeat(64) }, other, 'another difference'],
  ['an approval of an earlier round', {}, { round: 1 }, other, 'unknown request'],
  ['an approval of another run', {}, { runId: 'prod-2' }, other, 'unknown request'],
  ['an approval that comes too late', { expiresAt: 50 }, {}, other, 'expired'],
] as const)('refuses %s', (_, changedRequest, changedDecision, arn, verdict) => {
  const { pusher: known, ...rest } = { ...request, ...changedRequest };
  const stored = known === undefined ? rest : { ...rest, pusher: known };
  expect(checkDecision(stored, { ...decision, ...changedDecision }, { arn, now: 50 })).toBe(verdict);
});

it('the pusher may reject', () => {
  expect(checkDecision(request, { ...decision, decision: 'reject' }, { arn: pusher, now: 50 })).toBe('accepted');
});

it('no approval counts for a request that is not there', () => {
  expect(checkDecision(undefined, decision, { arn: other, now: 50 })).toBe('unknown request');
});

it('no session name makes a role another person', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w+=,.@-]{2,64}$/), fc.stringMatching(/^[\w+=,.@-]{2,64}$/), (one, another) => {
      const role = 'arn:aws:sts::111111111111:assumed-role/Developer/';
      expect(personOf(role + one)).toBe(personOf(role + another));
    }),
  );
});

it.each([
  ['arn:aws:iam::111111111111:user/alice', 'arn:aws:iam::111111111111:user/bob'],
  ['arn:aws:iam::111111111111:user/alice', 'arn:aws:iam::222222222222:user/alice'],
  ['arn:aws:iam::111111111111:user/Developer', 'arn:aws:sts::111111111111:assumed-role/Developer/a'],
])('%s and %s are two persons', (one, another) => {
  expect(personOf(one)).not.toBe(personOf(another));
});
