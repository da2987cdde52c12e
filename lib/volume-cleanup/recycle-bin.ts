import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-rbin';
import { Construct } from 'constructs';
import { stackTag } from '../../lambda/volume-cleanup/volume';

/** Longest time that the Recycle Bin keeps a volume: https://docs.aws.amazon.com/recyclebin/latest/APIReference/API_RetentionPeriod.html */
const longestDaysOfVolumes = 7;

/**
 * Recycle Bin rules for what a cleanup deletes, in the region of the stack: its own snapshots, and volumes.
 *
 * A volume has no tag of the stack, so its rule holds for all volumes of the region. The rules are not locked: a locked one cannot be
 * deleted with its stack. https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin.html
 */
export class RecycleBin extends Construct {
  constructor(scope: Construct, id: string, props: { readonly days: number }) {
    super(scope, id);
    const retention = (days: number) => ({ retentionPeriodUnit: 'DAYS', retentionPeriodValue: days });
    new CfnRule(this, 'Snapshots', {
      description: 'Deleted safety snapshots of a volume-cleanup stack',
      resourceType: 'EBS_SNAPSHOT',
      resourceTags: [{ resourceTagKey: stackTag, resourceTagValue: Stack.of(this).stackName }],
      retentionPeriod: retention(props.days),
    });
    new CfnRule(this, 'Volumes', {
      description: 'Deleted volumes of the region',
      resourceType: 'EBS_VOLUME',
      retentionPeriod: retention(Math.min(props.days, longestDaysOfVolumes)),
    });
  }
}
