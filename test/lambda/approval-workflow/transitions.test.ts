import {
  accept,
  beginEnd,
  decide,
  dropExtension,
  extend,
  finish,
  evaluate,
  moveEnd,
  wait,
} from '../../../lambda/approval-workflow/transitions';
import { finalStatuses, type Change, type RequestRecord } from '../../../lambda/approval-workflow/request-record';
import { now, policy, record } from './sample-request';

const fresh: RequestRecord = (({ approval: _, approvers: __, approvedBy: ___, ...rest }): RequestRecord => ({
  ...rest,
  status: 'submitted',
}))(record);
const running: RequestRecord = {
  ...record,
  status: 'running',
  approval: 'approved',
  reserved: true,
  instanceId: 'i-1',
};
const applied = (before: RequestRecord, change: Change | undefined): RequestRecord =>
  ({ ...before, ...change?.set }) as RequestRecord;
const by = (person: string, decision: 'approve' | 'refuse' = 'approve') => ({
  person,
  decision,
  now,
  from: '192.0.2.1',
});

describe('policy', () => {
  it.each([
    [{ estimateCents: 400 }, 'approved', 0],
    [{ estimateCents: 1_000 }, 'ask', 1],
    [{ estimateCents: 2_100 }, 'ask', 2],
  ])('%j is answered with %s and %d approvals', (change, outcome, needed) => {
    expect(evaluate(policy, { ...fresh, ...change })).toMatchObject({ outcome, needed });
  });

  it('those who are not members of the team are rejected', () => {
    expect(evaluate(policy, { ...fresh, person: 'cleo' })).toEqual({ outcome: 'rejected', reason: 'not-a-member' });
  });

  it('a request that not enough people could approve is rejected', () => {
    const alone = { ...policy, people: { ana: policy.people['ana']!, ben: policy.people['ben']! } };
    const verdict = evaluate(alone, { ...fresh, estimateCents: 2_100 });
    expect(verdict).toEqual({ outcome: 'rejected', reason: 'too-few-approvers' });
  });

  it('an accepted request is counted in its limits, once', () => {
    const change = accept(fresh, evaluate(policy, fresh), policy);
    expect(change).toMatchObject({
      set: { status: 'awaiting-approval', approval: 'open', needed: 1, approvers: ['ben', 'cleo'], reserved: true },
      limits: { reserve: [{ owner: 'team#data' }, { owner: 'person#ana' }] },
    });
    expect(accept(applied(fresh, change), evaluate(policy, fresh), policy)).toBeUndefined();
  });

  it('an extension is not counted a second time, and leaves the machine running', () => {
    const { change } = extend(running, '2026-12-02T10:00:00Z', { sizes: { small }, diskDollars: 0.08 }, '192.0.2.1');
    const asked = applied(running, change);
    const accepted = accept(asked, evaluate(policy, { ...asked, estimateCents: 1_000 }), policy);
    expect(accepted?.limits).toBeUndefined();
    expect(accepted?.set.status).toBeUndefined();
  });
});

const small = { instanceType: 't3.small', diskGigabytes: 20, hourlyDollars: 0.0208 };

describe('decision', () => {
  it('one approval is enough where one is needed', () => {
    expect(decide(record, by('ben'))).toMatchObject({
      answer: 'approved',
      change: { set: { approval: 'approved', status: 'approved' }, entry: { who: 'ben', from: '192.0.2.1' } },
    });
  });

  it('two approvals come from two people', () => {
    const two = { ...record, needed: 2 };
    const first = decide(two, by('ben'));
    expect(first.answer).toBe('one-more');
    const half = applied(two, first.change);
    expect(decide(half, by('ben')).answer).toBe('already-yours');
    expect(decide(half, by('cleo'))).toMatchObject({
      answer: 'approved',
      change: { set: { approvedBy: ['ben', 'cleo'] } },
    });
  });

  it('a refusal ends it, also after the first of two approvals', () => {
    const half = { ...record, needed: 2, approvedBy: ['ben'] };
    expect(decide(half, by('cleo', 'refuse'))).toMatchObject({
      answer: 'refused',
      change: { set: { approval: 'refused' } },
    });
  });

  it.each([
    ['the requester', record, 'ana'],
    ['the requester, also if listed', { ...record, approvers: ['ana'] }, 'ana'],
    ['somebody else', record, 'dora'],
  ] as const)('%s may not decide', (_, before, person) => {
    expect(decide(before, by(person))).toEqual({ answer: 'not-yours' });
  });

  it.each(['approved', 'refused'] as const)('nothing is decided twice: %s', (approval) => {
    expect(decide({ ...record, approval }, by('ben'))).toEqual({ answer: 'already-decided' });
  });

  it('who clicks twice learns that the first decision is recorded, not that theirs was lost', () => {
    const approved = applied(record, decide(record, by('ben')).change);
    expect(decide(approved, by('ben', 'refuse'))).toEqual({ answer: 'already-yours' });
    expect(decide(approved, by('cleo'))).toEqual({ answer: 'already-decided' });
    const refused = applied(record, decide(record, by('cleo', 'refuse')).change);
    expect(decide(refused, by('cleo'))).toEqual({ answer: 'already-yours' });
    expect(decide(refused, by('ben'))).toEqual({ answer: 'already-decided' });
  });

  it('a decision in the second of the expiry is too late', () => {
    expect(decide({ ...record, expiresAt: '2026-11-27T10:00:00Z' }, by('ben'))).toEqual({ answer: 'expired' });
    expect(decide({ ...record, expiresAt: '2026-11-27T10:00:01Z' }, by('ben')).answer).toBe('approved');
    expect(decide({ ...record, approval: 'expired' }, by('ben'))).toEqual({ answer: 'expired' });
    expect(decide({ ...record, status: 'expired' }, by('ben'))).toEqual({ answer: 'expired' });
  });

  it('an approved extension leaves the status alone', () => {
    const second = { ...running, round: 2, approval: 'open' as const };
    expect(decide(second, by('ben')).change?.set.status).toBeUndefined();
  });

  it('a token waits for an open approval of its round alone', () => {
    expect(wait(record, 1, 'new', 'later')?.set).toEqual({ taskToken: 'new', expiresAt: 'later' });
    expect(wait(record, 2, 'new', 'later')).toBeUndefined();
    expect(wait({ ...record, approval: 'approved' }, 1, 'new', 'later')).toBeUndefined();
  });
});

describe('extension', () => {
  const prices = { sizes: { small }, diskDollars: 0.08 };
  const later = '2026-12-02T10:00:00Z';

  it('asks for another approval, of the cost from the request to the new end', () => {
    const { answer, change } = extend(running, later, prices, '192.0.2.1');
    expect(answer).toBe('extended');
    const asked = applied(running, change);
    expect(asked).toMatchObject({ round: 2, wantedEnd: later, estimateCents: 279, endsAt: running.endsAt });
    expect(asked.approval).toBeUndefined();
    expect(extend(asked, later, prices, '').answer).toBe('repeated');
    expect(extend(asked, '2026-12-03T10:00:00Z', prices, '').answer).toBe('other-open');
  });

  it('needs approvers also in steps that cost little each', () => {
    let one = running;
    for (const day of ['05', '09', '13', '17']) {
      const asked = applied(one, extend(one, `2026-12-${day}T10:00:00Z`, prices, '').change);
      one = applied(asked, moveEnd({ ...asked, approval: 'approved' }));
    }
    expect(evaluate(policy, one)).toMatchObject({ outcome: 'ask' });
  });

  it('moves no end to an earlier time, where another extension was approved meanwhile', () => {
    expect(extend({ ...running, endsAt: later }, later, prices, '')).toEqual({ answer: 'not-later' });
  });

  it.each(['awaiting-approval', 'ending', 'ended'] as const)('a request that is %s cannot be extended', (status) => {
    expect(extend({ ...running, status }, later, prices, '')).toEqual({ answer: 'not-running' });
  });

  it('moves the end once it is approved, unless the end has begun', () => {
    const approved: RequestRecord = { ...running, round: 2, wantedEnd: later };
    const moved = applied(approved, moveEnd(approved));
    expect(moved.endsAt).toBe(later);
    expect(moveEnd(moved)).toBeUndefined();
    expect(moveEnd({ ...approved, status: 'ending' })).toBeUndefined();
    expect(moveEnd({ ...approved, approval: 'open' })).toBeUndefined();
  });

  it('that nobody approved is dropped, and the machine keeps its end', () => {
    const open: RequestRecord = { ...running, round: 2, wantedEnd: later, approval: 'open' };
    expect(dropExtension(open, 'expired')?.set).toEqual({ wantedEnd: undefined, approval: 'expired' });
    expect(dropExtension(running, 'expired')).toBeUndefined();
  });
});

describe('end', () => {
  it('begins once', () => {
    const change = beginEnd(running, 'schedule', 'due');
    expect(change?.set.status).toBe('ending');
    expect(beginEnd(applied(running, change), 'schedule', 'due')).toBeUndefined();
  });

  it.each(finalStatuses)('nothing happens to a request that is %s', (status) => {
    const over = { ...running, status };
    expect(beginEnd(over, 'schedule', 'due')).toBeUndefined();
    expect(finish(over, 'ended', 'due')).toBeUndefined();
  });

  it('gives the limits back, if they were taken', () => {
    const ended = finish(running, 'ended', 'due');
    expect(ended).toMatchObject({
      set: { status: 'ended', reserved: false, taskToken: undefined },
      limits: { release: ['team#data', 'person#ana'] },
    });
    expect(finish({ ...running, reserved: false }, 'ended', 'due')?.limits).toBeUndefined();
  });
});
