import { DescribeAddressesCommand, ReleaseAddressCommand, type Address, type EC2Client } from '@aws-sdk/client-ec2';
import type { Kind } from '../ports';
import { dollarsOfAddress } from '../prices';
import type { Resource } from '../resource';
import { tagsOf } from './ec2-pages';
import { deletedBy } from './ec2-volumes';

interface ElasticAddress extends Resource {
  readonly address: Address;
}

/**
 * Elastic IP addresses that are associated with nothing.
 *
 * @param isReleased false: they are only reported
 */
export function addressKind(client: EC2Client, isReleased: boolean): Kind<ElasticAddress> {
  return {
    prefix: 'eipalloc-',
    list: () => addresses(client),
    usageOf,
    dollarsAMonth: () => dollarsOfAddress,
    detailOf: ({ address }) => address.PublicIp,
    ...(isReleased ? { removal: removalBy(client) } : {}),
  };
}

function removalBy(client: EC2Client): NonNullable<Kind<ElasticAddress>['removal']> {
  return {
    outcome: 'released',
    async find(id) {
      for await (const address of addresses(client, id)) return address;
      return undefined;
    },
    gibibytesOf: () => 0,
    // In a default VPC this succeeds for an associated address too: the state was read immediately before.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
    remove: ({ id, address: { NetworkBorderGroup } }) =>
      deletedBy(() => client.send(new ReleaseAddressCommand({ AllocationId: id, NetworkBorderGroup })), {
        gone: ['InvalidAllocationID.NotFound'],
        inUse: ['InvalidIPAddress.InUse'],
      }),
  };
}

/** DescribeAddresses has no pages. A filter finds nothing where an unknown id would be an error. */
async function* addresses(client: EC2Client, id?: string): AsyncGenerator<ElasticAddress> {
  const filters = id === undefined ? {} : { Filters: [{ Name: 'allocation-id', Values: [id] }] };
  const { Addresses = [] } = await client.send(new DescribeAddressesCommand(filters));
  for (const address of Addresses) {
    if (address.AllocationId !== undefined) yield { id: address.AllocationId, tags: tagsOf(address.Tags), address };
  }
}

/** Addresses of services and of own pools are not ours to release, and the latter cost nothing. */
function usageOf({ address }: ElasticAddress): string | undefined {
  const { AssociationId, NetworkInterfaceId, InstanceId, ServiceManaged, PublicIpv4Pool = 'amazon' } = address;
  if ([AssociationId, NetworkInterfaceId, InstanceId].some((id) => id !== undefined && id !== '')) return 'associated';
  if (ServiceManaged !== undefined) return `managed by ${ServiceManaged}`;
  return PublicIpv4Pool === 'amazon' && address.CustomerOwnedIp === undefined && address.CarrierIp === undefined
    ? undefined
    : 'not a pool of Amazon';
}
