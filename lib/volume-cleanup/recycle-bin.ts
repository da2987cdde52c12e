import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-rbin';
import { Construct } from 'constructs';
import { stackTag } from '../../lambda/volume-cleanup/volume';

/**
 * Recycle Bin rules for what a cleanup deletes, in the region of the stack: its own snapshots, and volumes.
 *
 * A volume has no tag of the stack, so its rule holds for all volumes of the region. The rules are not locked: a locked one cannot be
 * deleted with its stack. https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin.html
 */
export class RecycleBin extends Construct {
  constructor(scope: Construct, id: string, props: { readonly days: number }) {
    super(scope, id);
    const retentionPeriod = { retentionPeriodUnit: 'DAYS', retentionPeriodValue: props.days };
    new CfnRule(this, 'Snapshots', {
      description: 'Deleted safety snapshots of a volume-cleanup stack',
      resourceType: 'EBS_SNAPSHOT',
      resourceTags: [{ resourceTagKey: stackTag, resourceTagValue: Stack.of(this).stackName }],
      retentionPeriod,
    });
    new CfnRule(this, 'Volumes', {
      description: 'Deleted volumes of the region',
      resourceType: 'EBS_VOLUME',
      retentionPeriod,
    });
  }
}
