import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { stackTag } from '../../lambda/volume-cleanup/volume';
import type { ServiceFunction } from '../constructs/service-function';
import type { VolumeCleanupSettings } from './volume-cleanup-settings';

const describe = {
  addresses: ['ec2:DescribeAddresses'],
  snapshots: ['ec2:DescribeImages'],
  instances: ['ec2:DescribeInstances'],
};

/** Allows a function to snapshot and delete volumes without an exempt tag, and to delete its own snapshots. */
export function allowCleanup(
  by: ServiceFunction,
  {
    exemptTags,
    otherKinds,
    releaseAddresses,
  }: Pick<VolumeCleanupSettings, 'exemptTags' | 'otherKinds' | 'releaseAddresses'>,
): void {
  const { partition, account, stackName } = Stack.of(by);
  // In all regions: a policy of thirty regions would exceed the size of a role's policies.
  const volumes = `arn:${partition}:ec2:*:${account}:volume/*`;
  // Snapshots have no account in their ARNs: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
  const snapshots = `arn:${partition}:ec2:*::snapshot/*`;
  const own = { [`aws:ResourceTag/${stackTag}`]: stackName };
  by.allow(['ec2:DescribeVolumes', 'ec2:DescribeSnapshots', ...otherKinds.flatMap((kind) => describe[kind])], '*');
  by.allow(['ec2:DeleteVolume'], volumes);
  by.allow(['ec2:CreateSnapshot'], volumes, snapshots);
  by.role.addToPolicy(
    new PolicyStatement({
      actions: ['ec2:CreateTags'],
      resources: [snapshots],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshot' } },
    }),
  );
  by.role.addToPolicy(
    new PolicyStatement({ actions: ['ec2:DeleteSnapshot'], resources: [snapshots], conditions: { StringEquals: own } }),
  );
  if (releaseAddresses) by.allow(['ec2:ReleaseAddress'], `arn:${partition}:ec2:*:${account}:elastic-ip/*`);
  // One statement for each tag: conditions in one statement must all be true.
  for (const tag of exemptTags) {
    by.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['ec2:DeleteVolume', ...(releaseAddresses ? ['ec2:ReleaseAddress'] : [])],
        resources: ['*'],
        conditions: { Null: { [`aws:ResourceTag/${tag}`]: 'false' } },
      }),
    );
  }
}
