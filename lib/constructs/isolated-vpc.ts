import { Fn } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  IpAddresses,
  SubnetType,
  Vpc,
  type GatewayVpcEndpointOptions,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from './data-removal-policy';

export interface IsolatedVpcProps {
  readonly config: Config;
  readonly cidr: string;
  /** Name of the subnets, of which each zone has one. */
  readonly subnets: string;
  readonly subnetMask: number;
  /** Names of the zones, or the number of the region's first ones. */
  readonly zones: readonly string[] | number;
  /** @default none */
  readonly gatewayEndpoints?: Readonly<Record<string, GatewayVpcEndpointOptions>>;
}

/** Actions by which Lambda attaches a function to a VPC; AWS defines all three for `*` only. */
export const networkInterfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DeleteNetworkInterface',
];

/** Makes a VPC without a route to the internet, and the log of its traffic. */
export function makeIsolatedVpc(parent: Construct, props: IsolatedVpcProps): Vpc {
  const { config, cidr, subnets, subnetMask, zones, gatewayEndpoints } = props;
  const vpc = new Vpc(parent, 'Vpc', {
    ipAddresses: IpAddresses.cidr(cidr),
    // By number: `maxAzs: 3` gives two zones in a stack that does not know its account.
    availabilityZones:
      typeof zones === 'number'
        ? Array.from({ length: zones }, (_, index) => Fn.select(index, Fn.getAzs()))
        : [...zones],
    natGateways: 0,
    subnetConfiguration: [{ name: subnets, subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: subnetMask }],
    restrictDefaultSecurityGroup: true,
    ...(gatewayEndpoints === undefined ? {} : { gatewayEndpoints }),
  });
  const logs = new LogGroup(parent, 'FlowLogs', {
    retention: config.logRetention,
    removalPolicy: dataRemovalPolicy(config),
  });
  vpc.addFlowLog('Flows', {
    destination: FlowLogDestination.toCloudWatchLogs(logs),
    trafficType: FlowLogTrafficType.ALL,
  });
  return vpc;
}
