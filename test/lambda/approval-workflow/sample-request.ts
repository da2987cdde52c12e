import type { Policy } from '../../../lambda/approval-workflow/policy';
import type { RequestRecord } from '../../../lambda/approval-workflow/request-record';

export const policy: Policy = {
  people: {
    ana: { principals: ['arn:aws:iam::111122223333:user/ana'], email: 'ana@example.com' },
    ben: { principals: ['arn:aws:iam::111122223333:user/ben'], email: 'ben@example.com' },
    cleo: { principals: [], email: 'cleo@example.com' },
  },
  teams: { data: { members: ['ana', 'ben'], approvers: ['ana', 'ben', 'cleo'], machines: 3, monthlyDollars: 100.5 } },
  perPerson: { machines: 2, monthlyDollars: 50 },
  autoApproveDollars: 5,
  secondApproverDollars: 20,
};

export const now = new Date('2026-11-27T10:00:00Z');

export const record: RequestRecord = {
  requestId: 'r-0123456789abcdef01234567',
  revision: 3,
  status: 'awaiting-approval',
  changedAt: '2026-11-27T09:00:00.000Z',
  principal: 'arn:aws:iam::111122223333:user/ana',
  person: 'ana',
  team: 'data',
  purpose: 'Tests',
  size: 'small',
  startScript: 'none',
  endsAt: '2026-12-01T10:00:00Z',
  submittedAt: '2026-11-27T09:00:00Z',
  content: 'c',
  instanceType: 't3.small',
  monthlyCents: 1_700,
  estimateCents: 1_000,
  round: 1,
  approval: 'open',
  approvers: ['ben', 'cleo'],
  needed: 1,
  approvedBy: [],
  expiresAt: '2026-11-28T10:00:00Z',
  taskToken: 'task token',
};
