import { Ec2Error, type AskEmulator, type Ec2Request } from './ec2-request';
import { textsAt } from './xml';

/** Zones and instance types without capacity. */
export type NoCapacity = ReadonlySet<string>;

/**
 * Checks what the emulator does not check before it launches instances.
 *
 * @returns zone of the new instances
 * @throws Ec2Error as AWS answers
 */
export async function checkLaunch(
  { params, region }: Ec2Request,
  ask: AskEmulator,
  noCapacity: NoCapacity,
): Promise<string> {
  const type = params.get('InstanceType') ?? 'm1.small';
  if (!/^[a-z][a-z0-9-]*\.(nano|micro|small|medium|(\d{0,3}x)?large|metal(-\d+xl)?)$/.test(type)) {
    throw new Ec2Error('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  }
  const image = params.get('ImageId');
  if (image === null && !hasLaunchTemplate(params)) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter ImageId');
  }
  if (image !== null) await checkImage(image, region, ask);
  const zone = await zoneOf(params, region, ask);
  if (noCapacity.has(zone) || noCapacity.has(type)) {
    throw new Ec2Error(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}).`,
      500,
    );
  }
  return zone;
}

function hasLaunchTemplate(params: URLSearchParams): boolean {
  return params.has('LaunchTemplate.LaunchTemplateId') || params.has('LaunchTemplate.LaunchTemplateName');
}

async function checkImage(image: string, region: string, ask: AskEmulator): Promise<void> {
  if (!/^ami-[0-9a-f]{8}([0-9a-f]{9})?$/.test(image)) {
    throw new Ec2Error('InvalidAMIID.Malformed', `Invalid id: "${image}" (expecting "ami-...")`);
  }
  const images = await ask('DescribeImages', { 'ImageId.1': image }, region);
  if (textsAt(images, 'imagesSet/item/imageId').length === 0) {
    throw new Ec2Error('InvalidAMIID.NotFound', `The image id '[${image}]' does not exist`);
  }
}

/** Zone of the subnet, or the zone of the request, or the first of the region. */
async function zoneOf(params: URLSearchParams, region: string, ask: AskEmulator): Promise<string> {
  const subnet = params.get('SubnetId') ?? params.get('NetworkInterface.1.SubnetId');
  if (subnet === null) return params.get('Placement.AvailabilityZone') ?? `${region}a`;
  const subnets = await ask('DescribeSubnets', { 'SubnetId.1': subnet }, region);
  const [zone] = textsAt(subnets, 'subnetSet/item/availabilityZone');
  if (zone === undefined) {
    throw new Ec2Error('InvalidSubnetID.NotFound', `The subnet ID '${subnet}' does not exist`);
  }
  return zone;
}
