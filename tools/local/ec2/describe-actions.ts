/** Describe action whose filters and pages the proxy applies. */
export interface DescribeAction {
  /** Path from the response to the list. */
  readonly set: string;
  /** Path from an item to what filters look at: an instance is in a reservation. */
  readonly filtered: string;
  /** Path from an item to its id. */
  readonly id: string;
  /** Parameter with a list of ids, which excludes paging. */
  readonly ids: string;
  readonly maxResults: { readonly least: number; readonly most: number };
  /** Path of each filter's value, from what is filtered. Tags are filtered everywhere. */
  readonly filters: Readonly<Record<string, string>>;
}

/**
 * Filters as https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html (DescribeVolumes,
 * DescribeSnapshots, DescribeAddresses) document them, as far as the emulator has their values.
 */
export const describeActions: Readonly<Record<string, DescribeAction>> = {
  DescribeInstances: {
    set: 'reservationSet',
    filtered: 'instancesSet/item',
    id: 'reservationId',
    ids: 'InstanceId',
    maxResults: { least: 5, most: 1_000 },
    filters: {
      'availability-zone': 'placement/availabilityZone',
      'block-device-mapping.volume-id': 'blockDeviceMapping/item/ebs/volumeId',
      'client-token': 'clientToken',
      'iam-instance-profile.arn': 'iamInstanceProfile/arn',
      'image-id': 'imageId',
      'instance-id': 'instanceId',
      'instance-state-code': 'instanceState/code',
      'instance-state-name': 'instanceState/name',
      'instance-type': 'instanceType',
      'key-name': 'keyName',
      'launch-time': 'launchTime',
      'private-ip-address': 'privateIpAddress',
      'root-device-type': 'rootDeviceType',
      'subnet-id': 'subnetId',
      'vpc-id': 'vpcId',
    },
  },
  DescribeVolumes: {
    set: 'volumeSet',
    filtered: '',
    id: 'volumeId',
    ids: 'VolumeId',
    maxResults: { least: 5, most: 1_000 },
    filters: {
      'attachment.attach-time': 'attachmentSet/item/attachTime',
      'attachment.delete-on-termination': 'attachmentSet/item/deleteOnTermination',
      'attachment.device': 'attachmentSet/item/device',
      'attachment.instance-id': 'attachmentSet/item/instanceId',
      'attachment.status': 'attachmentSet/item/status',
      'availability-zone': 'availabilityZone',
      'create-time': 'createTime',
      encrypted: 'encrypted',
      size: 'size',
      'snapshot-id': 'snapshotId',
      status: 'status',
      'volume-id': 'volumeId',
      'volume-type': 'volumeType',
    },
  },
  DescribeSnapshots: {
    set: 'snapshotSet',
    filtered: '',
    id: 'snapshotId',
    ids: 'SnapshotId',
    maxResults: { least: 5, most: 1_000 },
    filters: {
      description: 'description',
      encrypted: 'encrypted',
      'owner-id': 'ownerId',
      progress: 'progress',
      'snapshot-id': 'snapshotId',
      'start-time': 'startTime',
      status: 'status',
      'storage-tier': 'storageTier',
      'volume-id': 'volumeId',
      'volume-size': 'volumeSize',
    },
  },
  DescribeAddresses: {
    set: 'addressesSet',
    filtered: '',
    id: 'allocationId',
    ids: 'AllocationId',
    // The action has no pages.
    maxResults: { least: Infinity, most: Infinity },
    filters: {
      'allocation-id': 'allocationId',
      'association-id': 'associationId',
      domain: 'domain',
      'instance-id': 'instanceId',
      'public-ip': 'publicIp',
    },
  },
};
