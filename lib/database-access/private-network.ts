import { Fn } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  IpAddresses,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';

export interface PrivateNetworkProps {
  readonly config: Config;
  /** Port of the engine, the only open port. */
  readonly port: number;
  readonly zones: readonly string[] | undefined;
}

/**
 * A network without routes to the internet or to AWS APIs: isolated subnets, and three security groups in a chain.
 *
 *     FunctionGroup -> ProxyGroup -> DatabaseGroup     on the engine's port
 */
export class PrivateNetwork extends Construct {
  readonly vpc: IVpc;
  readonly functionGroup: SecurityGroup;
  readonly proxyGroup: SecurityGroup;
  readonly databaseGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    const { config, port } = props;
    // By number: `maxAzs: 3` gives two zones in a stack that does not know its account.
    const numbers = config.stage === 'prod' ? [0, 1, 2] : [0, 1];
    const zones = props.zones ?? numbers.map((number) => Fn.select(number, Fn.getAzs()));
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.20.0.0/16'),
      availabilityZones: [...zones],
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      restrictDefaultSecurityGroup: true,
    });
    // The cast: under exactOptionalPropertyTypes its `vpnGatewayId` differs from the interface's.
    this.vpc = vpc as IVpc;
    const logs = new LogGroup(this, 'FlowLogs', {
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
    this.vpc.addFlowLog('Flows', {
      destination: FlowLogDestination.toCloudWatchLogs(logs),
      trafficType: FlowLogTrafficType.ALL,
    });

    this.functionGroup = this.addGroup('FunctionGroup', 'Functions that reach the database');
    this.proxyGroup = this.addGroup('ProxyGroup', 'RDS Proxy');
    this.databaseGroup = this.addGroup('DatabaseGroup', 'The database');
    this.functionGroup.connections.allowTo(this.proxyGroup, Port.tcp(port), 'Functions connect to the proxy');
    this.proxyGroup.connections.allowTo(this.databaseGroup, Port.tcp(port), 'The proxy connects to the database');
  }

  private addGroup(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }
}
