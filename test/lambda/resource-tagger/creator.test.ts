import { creatorOf } from '../../../lambda/resource-tagger/creator';

const role = (name: string, session: string) => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::111122223333:assumed-role/${name}/${session}`,
  accountId: '111122223333',
});

it.each([
  [{ type: 'Root', accountId: '111122223333' }, 'root/111122223333'],
  [{ type: 'IAMUser', userName: 'alice' }, 'user/alice'],
  [role('Deploy', 'alice'), 'role/Deploy/alice'],
  [role('AWSReservedSSO_Admin_0123456789abcdef', 'bob@example.com'), 'sso/bob@example.com'],
  [{ ...role('Deploy', 'alice'), invokedBy: 'cloudformation.amazonaws.com' }, 'role/Deploy/alice'],
  [
    { ...role('AWSServiceRoleForAutoScaling', 'AutoScaling'), invokedBy: 'autoscaling.amazonaws.com' },
    'service/autoscaling.amazonaws.com',
  ],
  [{ type: 'AWSService', invokedBy: 'rds.amazonaws.com' }, 'service/rds.amazonaws.com'],
  [{ type: 'AWSAccount', accountId: '444455556666' }, 'account/444455556666'],
  [{ type: 'FederatedUser', arn: 'arn:aws:sts::111122223333:federated-user/carol' }, 'federated/carol'],
  [{ type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' } }, 'sso/u-1'],
  [{ type: 'WebIdentityUser', userName: 'dave' }, 'WebIdentityUser/dave'],
  [{ accountId: '111122223333', invokedBy: 'dms.amazonaws.com' }, 'service/dms.amazonaws.com'],
  [{ accountId: '111122223333' }, 'unknown/unknown'],
  [{ type: 'AssumedRole', principalId: 'AROA:session' }, 'role/AROA:session'],
])('%j is %s', (identity, creator) => {
  expect(creatorOf(identity)).toBe(creator);
});
