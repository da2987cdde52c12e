import { estimateCents, type Prices } from './cost';
import { approvalsNeeded, approversOf, isMember, limitsOf, type Policy } from './policy';
import { isFinal, limitOwners, type Change, type FinalStatus, type RequestRecord } from './request-record';

/** Answer of the policy to a request or an extension. */
export type Verdict =
  | { readonly outcome: 'rejected'; readonly reason: string }
  | { readonly outcome: 'ask' | 'approved'; readonly needed: number; readonly approvers: readonly string[] };

/** Decides what a request needs. Limits are counted apart from this, in the table. */
export function evaluate(policy: Policy, record: RequestRecord): Verdict {
  const { team, person, estimateCents: cents } = record;
  if (!isMember(policy, team, person)) return { outcome: 'rejected', reason: 'not-a-member' };
  const needed = approvalsNeeded(policy, cents);
  const approvers = approversOf(policy, team, person);
  if (approvers.length < needed) return { outcome: 'rejected', reason: 'too-few-approvers' };
  return { outcome: needed === 0 ? 'approved' : 'ask', needed, approvers };
}

/** Opens the approval of a round, and counts a new request in the limits of its team and person. */
export function accept(record: RequestRecord, verdict: Verdict, policy: Policy): Change | undefined {
  if (verdict.outcome === 'rejected' || record.approval !== undefined || isFinal(record)) return undefined;
  const { needed, approvers, outcome } = verdict;
  const approved = outcome === 'approved';
  return {
    set: {
      approval: approved ? 'approved' : 'open',
      needed,
      approvers,
      approvedBy: [],
      ...(record.round > 1 ? {} : { status: approved ? 'approved' : 'awaiting-approval', reserved: true }),
    },
    entry: { what: approved ? 'approved by the policy' : `approval of ${needed} requested`, who: 'policy' },
    ...(record.round > 1 ? {} : { limits: { reserve: limitsOf(policy, record.team, record.person) } }),
  };
}

/** Saves the token of the task that waits, until the time at which decisions are no longer accepted. */
export function wait(record: RequestRecord, round: number, taskToken: string, expiresAt: string): Change | undefined {
  if (record.approval !== 'open' || record.round !== round || isFinal(record)) return undefined;
  return { set: { taskToken, expiresAt }, entry: { what: 'approvers asked', who: 'workflow' } };
}

export type Decision = 'approve' | 'refuse';
export type DecisionAnswer =
  | 'approved'
  | 'refused'
  | 'one-more'
  | 'already-yours'
  | 'already-decided'
  | 'expired'
  | 'not-yours';

export interface DecisionInput {
  readonly person: string;
  readonly decision: Decision;
  readonly now: Date;
  readonly from: string;
}

/** Decides what an approver's decision does. The first refusal ends it; approvals of different people add up. */
export function decide(
  record: RequestRecord,
  { person, decision, now, from }: DecisionInput,
): { readonly answer: DecisionAnswer; readonly change?: Change } {
  const { approval, approvers = [], approvedBy = [], refusedBy, needed = 1, expiresAt = '' } = record;
  if (person === record.person || !approvers.includes(person)) return { answer: 'not-yours' };
  if (approval === 'expired' || record.status === 'expired') return { answer: 'expired' };
  if (approvedBy.includes(person) || refusedBy === person) return { answer: 'already-yours' };
  if (approval !== 'open' || isFinal(record)) return { answer: 'already-decided' };
  if (now.getTime() >= Date.parse(expiresAt)) return { answer: 'expired' };
  if (decision === 'refuse') {
    const entry = { what: 'refused', who: person, from };
    return { answer: 'refused', change: { set: { approval: 'refused', refusedBy: person }, entry } };
  }
  const by = [...approvedBy, person];
  const done = by.length >= needed;
  return {
    answer: done ? 'approved' : 'one-more',
    change: {
      set: {
        approvedBy: by,
        ...(done ? { approval: 'approved' } : {}),
        ...(done && record.round === 1 ? { status: 'approved' } : {}),
      },
      entry: { what: 'approved', who: person, from, detail: `${by.length} of ${needed}` },
    },
  };
}

/** Moves the end to the one that an approved extension asks for, unless the machine has begun to end. */
export function moveEnd(record: RequestRecord): Change | undefined {
  const { wantedEnd, status, approval } = record;
  if (wantedEnd === undefined || status !== 'running' || approval !== 'approved') return undefined;
  return {
    set: { endsAt: wantedEnd, wantedEnd: undefined },
    entry: { what: 'end moved', who: 'workflow', detail: wantedEnd },
  };
}

/**
 * Opens a further round for a later end. One at a time, while the machine runs.
 *
 * Its approval is about the cost of the whole time: in extensions of few dollars each, a machine would never need an approver.
 */
export function extend(
  record: RequestRecord,
  wantedEnd: string,
  prices: Prices,
  from: string,
): { readonly answer: 'extended' | 'repeated' | 'not-running' | 'not-later' | 'other-open'; readonly change?: Change } {
  if (record.status !== 'running') return { answer: 'not-running' };
  if (record.wantedEnd === wantedEnd) return { answer: 'repeated' };
  if (record.wantedEnd !== undefined) return { answer: 'other-open' };
  // An extension that moved the end may have been approved since the call was checked.
  if (wantedEnd <= record.endsAt) return { answer: 'not-later' };
  const size = prices.sizes[record.size];
  if (size === undefined) return { answer: 'not-running' };
  const cents = estimateCents(prices, size, new Date(record.submittedAt), new Date(wantedEnd));
  const cleared = { approval: undefined, approvers: undefined, approvedBy: undefined, refusedBy: undefined };
  return {
    answer: 'extended',
    change: {
      set: {
        ...cleared,
        taskToken: undefined,
        expiresAt: undefined,
        wantedEnd,
        estimateCents: cents,
        round: record.round + 1,
      },
      entry: { what: 'extension asked for', who: record.person, from, detail: wantedEnd },
    },
  };
}

/** Ends an extension that nobody approved: the machine keeps its end. */
export function dropExtension(record: RequestRecord, because: FinalStatus): Change | undefined {
  if (record.wantedEnd === undefined) return undefined;
  return {
    set: { wantedEnd: undefined, approval: because === 'expired' ? 'expired' : (record.approval ?? 'refused') },
    entry: { what: `extension ${because}`, who: 'workflow' },
  };
}

/** Begins the end: from now on no launch and no extension counts. */
export function beginEnd(record: RequestRecord, who: string, because: string): Change | undefined {
  if (isFinal(record) || record.status === 'ending') return undefined;
  return { set: { status: 'ending', reason: because }, entry: { what: 'ending', who, detail: because } };
}

/** Ends a request, which no longer counts in its limits. */
export function finish(record: RequestRecord, status: FinalStatus, reason: string): Change | undefined {
  if (isFinal(record)) return undefined;
  const { instanceId } = record;
  return {
    set: { status, reason, reserved: false, taskToken: undefined, wantedEnd: undefined },
    entry: { what: status, who: 'workflow', detail: instanceId === undefined ? reason : `${reason}, ${instanceId}` },
    ...(record.reserved === true ? { limits: { release: limitOwners(record) } } : {}),
  };
}
