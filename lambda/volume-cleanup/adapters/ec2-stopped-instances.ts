import { DescribeInstancesCommand, type EC2Client, type Instance } from '@aws-sdk/client-ec2';
import type { Kind } from '../ports';
import type { Resource } from '../resource';
import { itemsOf, tagsOf } from './ec2-pages';

interface OwnInstance extends Resource {
  readonly instance: Instance;
}

/** Stopped instances of a warm pool are stopped on purpose. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html */
const groupTag = 'aws:autoscaling:groupName';

/**
 * Instances that are stopped for long. A stopped instance costs its volumes: only reported.
 *
 * @param dollarsByVolume price of each volume of the region, in dollars a month
 */
export function stoppedInstanceKind(
  client: EC2Client,
  dollarsByVolume: ReadonlyMap<string, number>,
): Kind<OwnInstance> {
  return {
    prefix: 'i-',
    async *list() {
      const read = (paging: object) => client.send(new DescribeInstancesCommand(paging));
      for await (const { Instances = [] } of itemsOf(read, ({ Reservations }) => Reservations))
        for (const instance of Instances)
          yield { id: instance.InstanceId ?? '', tags: tagsOf(instance.Tags), instance };
    },
    usageOf: ({ tags, instance: { State } }) => {
      if (State?.Name !== 'stopped') return `state ${State?.Name ?? 'unknown'}`;
      return tags[groupTag] === undefined ? undefined : 'in an Auto Scaling group';
    },
    dollarsAMonth: ({ instance: { BlockDeviceMappings = [] } }) =>
      BlockDeviceMappings.reduce((sum, { Ebs }) => sum + (dollarsByVolume.get(Ebs?.VolumeId ?? '') ?? 0), 0),
    detailOf: ({ tags, instance: { InstanceType } }) =>
      [InstanceType, tags['Name']].filter((text) => text !== undefined).join('  '),
  };
}
