import { Port, SecurityGroup, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { makeIsolatedVpc } from '../constructs/isolated-vpc';

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
    const vpc = makeIsolatedVpc(this, {
      config,
      cidr: '10.20.0.0/16',
      subnets: 'Isolated',
      subnetMask: 24,
      zones: props.zones ?? (config.stage === 'prod' ? 3 : 2),
    });
    // The cast: under exactOptionalPropertyTypes its `vpnGatewayId` differs from the interface's.
    this.vpc = vpc as IVpc;
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
