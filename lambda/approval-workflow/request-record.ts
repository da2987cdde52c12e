/** Status of a request. `rejected` is the policy's answer, `refused` an approver's. */
export const openStatuses = ['submitted', 'awaiting-approval', 'approved', 'running', 'ending'] as const;
export const finalStatuses = ['rejected', 'refused', 'expired', 'failed', 'ended', 'cancelled'] as const;
export type OpenStatus = (typeof openStatuses)[number];
export type FinalStatus = (typeof finalStatuses)[number];

/** Index of the requests by their status. */
export const statusIndexName = 'byStatus';

/** Request for a machine, as the table keeps it. */
export interface RequestRecord {
  readonly requestId: string;
  /** Number of the last change, which is the number of its entry in the audit table. */
  readonly revision: number;
  readonly status: OpenStatus | FinalStatus;
  /** Time of the last change, in ISO 8601. */
  readonly changedAt: string;
  readonly reason?: string;
  /** ARN of the caller who signed the request. */
  readonly principal: string;
  /** Name of the requester in the policy. */
  readonly person: string;
  readonly team: string;
  readonly purpose: string;
  readonly size: string;
  readonly startScript: string;
  /** End of the machine, in ISO 8601. */
  readonly endsAt: string;
  readonly submittedAt: string;
  /** Hash of what was asked for: the same token with other content is a conflict. */
  readonly content: string;
  readonly instanceType: string;
  /** Full month of the machine. */
  readonly monthlyCents: number;
  /** From the request to the end that is asked for. */
  readonly estimateCents: number;
  /** 1 for the launch, one more for each extension. */
  readonly round: number;
  /** End that an extension asks for, while it is open. */
  readonly wantedEnd?: string;
  readonly approval?: 'open' | 'approved' | 'refused' | 'expired';
  readonly approvers?: readonly string[];
  /** Number of approvals that are needed. */
  readonly needed?: number;
  readonly approvedBy?: readonly string[];
  readonly refusedBy?: string;
  readonly expiresAt?: string;
  readonly taskToken?: string;
  /** The limits of team and person count this request. */
  readonly reserved?: boolean;
  readonly amiId?: string;
  /** Number of the launch that is under way or succeeded; recorded before the call. */
  readonly attempt?: number;
  /** Subnet of that launch: the same call is repeated, also after a deployment with other subnets. */
  readonly subnetId?: string;
  readonly instanceId?: string;
  readonly launchedAt?: string;
  /** Notices that were sent, each once. */
  readonly noticesSent?: readonly string[];
}

export function isFinal({ status }: Pick<RequestRecord, 'status'>): boolean {
  return finalStatuses.some((one) => one === status);
}

/** Entry of the audit table: who did what, and from where. */
export interface AuditEntry {
  readonly what: string;
  /** Name of a person in the policy, or of the part that acted. */
  readonly who: string;
  /** Address that the request came from. */
  readonly from?: string;
  readonly detail?: string;
}

/** Entry as the audit table has it. */
export interface StoredEntry extends AuditEntry {
  readonly requestId: string;
  /** Revision of the request, padded with zeros. */
  readonly entry: string;
  /** Time of the change, in ISO 8601. */
  readonly at: string;
  /** Status after the change. */
  readonly status: string;
  readonly team: string;
}

export interface Change {
  /** `undefined` removes an attribute. */
  readonly set: { readonly [Key in keyof RequestRecord]?: RequestRecord[Key] | undefined };
  readonly entry: AuditEntry;
  /** Counts the request in its limits, or no longer. */
  readonly limits?: { readonly reserve: readonly Limit[] } | { readonly release: readonly string[] };
}

/** Limit of one team or one person. */
export interface Limit {
  /** `team#data` or `person#ana`. */
  readonly owner: string;
  readonly machines: number;
  readonly monthlyCents: number;
}

/** Counters of a request's limits. */
export function limitOwners({ team, person }: Pick<RequestRecord, 'team' | 'person'>): [team: string, person: string] {
  return [`team#${team}`, `person#${person}`];
}
