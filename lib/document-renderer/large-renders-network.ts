import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { makeIsolatedVpc } from '../constructs/isolated-vpc';

/** Services that a task without a route to the internet calls: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
const interfaces = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  States: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
  Events: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
} as const;

/**
 * Network of the tasks: two isolated subnets, and endpoints of the services that a task calls. A page that breaks out of the
 * browser reaches those and nothing else.
 */
export class LargeRendersNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly taskGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: { readonly config: Config }) {
    super(scope, id);
    const { config } = props;
    const vpc = makeIsolatedVpc(this, {
      config,
      cidr: '10.30.0.0/24',
      subnets: 'Tasks',
      subnetMask: 26,
      zones: 2,
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    this.subnetIds = vpc.isolatedSubnets.map(({ subnetId }) => subnetId);
    // The cast: under exactOptionalPropertyTypes its `vpnGatewayId` differs from the interface's.
    const group = { vpc: vpc as IVpc, allowAllOutbound: false };
    this.taskGroup = new SecurityGroup(this, 'TaskGroup', { ...group, description: 'Tasks of large documents' });
    const endpointGroup = new SecurityGroup(this, 'EndpointGroup', { ...group, description: 'Endpoints of services' });
    this.taskGroup.connections.allowTo(endpointGroup, Port.tcp(443), 'Tasks call AWS services');
    // The prefix lists of S3 and DynamoDB have other ids in each region; the subnets have no other route.
    this.taskGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'S3 and DynamoDB, by their gateways');
    for (const [name, service] of Object.entries(interfaces)) {
      vpc.addInterfaceEndpoint(name, { service, securityGroups: [endpointGroup], open: false });
    }
  }
}
