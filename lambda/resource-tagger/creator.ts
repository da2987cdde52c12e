import * as z from 'zod/mini';

const text = z.optional(z.nullable(z.string()));

/**
 * Identity of a caller in a CloudTrail record; unknown fields and types of later versions are accepted.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export const userIdentitySchema = z.object({
  /** Left out where a service acts without a role. */
  type: text,
  arn: text,
  accountId: text,
  principalId: text,
  userName: text,
  invokedBy: text,
  onBehalfOf: z.optional(z.object({ userId: text })),
});

export type UserIdentity = z.output<typeof userIdentitySchema>;

/** Roles that IAM Identity Center makes for its permission sets; the session is named after the user. */
const identityCenterRole = /^AWSReservedSSO_(?<permissionSet>.+)_[0-9a-f]+$/;

/** Roles that services make for themselves; their sessions are those of no person. */
const serviceLinkedRole = /^AWSServiceRoleFor/;

/**
 * Names who created a resource: `user/alice`, `role/Deploy/alice`, `sso/alice@example.com`, `service/autoscaling.amazonaws.com`,
 * `federated/alice`, `account/111122223333`, `root/111122223333`.
 *
 * A service that acts for a person, such as CloudFormation, is in `invokedBy` beside the person, who is the creator.
 */
export function creatorOf(identity: UserIdentity): string {
  const { userName, accountId, principalId, invokedBy } = identity;
  const type = identity.type ?? (typeof invokedBy === 'string' ? 'AWSService' : 'unknown');
  switch (type) {
    case 'Root':
      return `root/${accountId ?? 'unknown'}`;
    case 'IAMUser':
      return `user/${userName ?? principalId ?? 'unknown'}`;
    case 'AssumedRole':
      return roleSession(identity);
    case 'AWSService':
      return `service/${invokedBy ?? 'unknown'}`;
    case 'AWSAccount':
      return `account/${accountId ?? 'unknown'}`;
    case 'IdentityCenterUser':
      return `sso/${identity.onBehalfOf?.userId ?? principalId ?? 'unknown'}`;
    case 'FederatedUser':
      return `federated/${afterLastSlash(identity.arn) ?? principalId ?? 'unknown'}`;
    default:
      return `${type}/${userName ?? principalId ?? 'unknown'}`;
  }
}

/** `arn:aws:sts::111122223333:assumed-role/Deploy/alice`: the role's path is not part of it. */
function roleSession({ arn, principalId, invokedBy }: UserIdentity): string {
  const [, role, session] = /assumed-role\/([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  if (role === undefined || session === undefined) return `role/${principalId ?? 'unknown'}`;
  if (serviceLinkedRole.test(role)) return `service/${invokedBy ?? session}`;
  return identityCenterRole.test(role) ? `sso/${session}` : `role/${role}/${session}`;
}

function afterLastSlash(arn: string | null | undefined): string | undefined {
  return arn?.split('/').at(-1);
}
