import { paginateDescribeNetworkInterfaces, paginateDescribeVolumes, type EC2Client } from '@aws-sdk/client-ec2';
import { arnOf, launchedInstances, namedInterfaces } from '../created-resources';
import type { CreationEvent } from '../creation-event';

/** Volumes and interfaces of a launch are made within seconds of it; what is attached later has a creator of its own. */
const withLaunchMilliseconds = 60_000;

/**
 * Returns the ARNs of the volumes and interfaces that were created with instances. The record of the launch has no volumes:
 * they are attached after the answer. Needs `ec2:DescribeVolumes` and `ec2:DescribeNetworkInterfaces`.
 */
export async function findAttachments(
  client: EC2Client,
  { call, time }: CreationEvent,
  abortSignal: AbortSignal,
): Promise<string[]> {
  const instances = new Set(launchedInstances(call));
  if (instances.size === 0) return [];
  const atLaunch = (moment: Date | undefined): boolean =>
    moment !== undefined && Math.abs(moment.getTime() - time.getTime()) <= withLaunchMilliseconds;
  const found: string[] = [];
  for (const Values of chunksOfFilter([...instances])) {
    const Filters = [{ Name: 'attachment.instance-id', Values }];
    for await (const { Volumes = [] } of paginateDescribeVolumes({ client }, { Filters }, { abortSignal })) {
      for (const { VolumeId = '', CreateTime, Attachments = [] } of Volumes) {
        const attached = Attachments.some(({ InstanceId = '' }) => instances.has(InstanceId));
        if (attached && atLaunch(CreateTime)) found.push(arnOf(call, 'ec2', `volume/${VolumeId}`));
      }
    }
    const named = namedInterfaces(call);
    const pages = paginateDescribeNetworkInterfaces({ client }, { Filters }, { abortSignal });
    for await (const { NetworkInterfaces = [] } of pages) {
      for (const { NetworkInterfaceId = '', Attachment } of NetworkInterfaces) {
        const attached = instances.has(Attachment?.InstanceId ?? '') && atLaunch(Attachment?.AttachTime);
        if (attached && !named.has(NetworkInterfaceId))
          found.push(arnOf(call, 'ec2', `network-interface/${NetworkInterfaceId}`));
      }
    }
  }
  return found;
}

/** A filter takes 200 values. */
function chunksOfFilter(values: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / 200) }, (_, index) =>
    values.slice(index * 200, (index + 1) * 200),
  );
}
