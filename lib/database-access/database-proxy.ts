import { Fn, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnDBProxy, CfnDBProxyTargetGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { processorUser } from '../../lambda/database-access/database-schema';
import type { Config } from '../config';
import type { DatabaseAccessSettings } from './database-access-settings';
import { engineFacts } from './engine-facts';
import type { PrivateNetwork } from './private-network';
import type { RelationalDatabase } from './relational-database';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';

export interface DatabaseProxyProps {
  readonly config: Config;
  readonly settings: DatabaseAccessSettings;
  readonly network: PrivateNetwork;
  readonly database: RelationalDatabase;
}

/**
 * RDS Proxy, through which many environments share few connections. It accepts only TLS and IAM tokens.
 *
 * The processor user authenticates by IAM end to end; the owner by IAM at the proxy, which then uses the password that RDS
 * keeps. L1 constructs: with IAM as the default scheme, CDK's `DatabaseProxy` writes `IAMAuth: DISABLED` on an additional
 * secret, and the owner could log in with a password.
 */
export class DatabaseProxy extends Construct {
  readonly proxy: CfnDBProxy;
  readonly targetGroup: CfnDBProxyTargetGroup;

  constructor(scope: Construct, id: string, props: DatabaseProxyProps) {
    super(scope, id);
    const { settings, network, database } = props;
    const dbProxyName = nameOf(this);
    const logs = this.addLogs(props.config, dbProxyName);
    const role = this.addRole(database);
    this.proxy = new CfnDBProxy(this, 'Proxy', {
      dbProxyName,
      engineFamily: engineFacts[settings.engine].family,
      roleArn: role.roleArn,
      requireTls: true,
      defaultAuthScheme: 'IAM_AUTH',
      auth: [
        {
          authScheme: 'SECRETS',
          iamAuth: 'REQUIRED',
          secretArn: database.ownerSecret.secretArn,
          description: 'The owner, who migrates the schema',
        },
      ],
      vpcSubnetIds: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      vpcSecurityGroupIds: [network.proxyGroup.securityGroupId],
      idleClientTimeout: settings.idleClientMinutes * 60,
      // Debug logging writes statements into the log.
      debugLogging: false,
    });
    this.proxy.node.addDependency(logs, role);
    this.targetGroup = new CfnDBProxyTargetGroup(this, 'Targets', {
      dbProxyName: this.proxy.ref,
      targetGroupName: 'default',
      dbInstanceIdentifiers: [database.instance.instanceIdentifier],
      connectionPoolConfigurationInfo: {
        maxConnectionsPercent: settings.proxyConnectionsPercent,
        // RDS's own default: half of the connections stay open while idle.
        maxIdleConnectionsPercent: Math.max(1, Math.floor(settings.proxyConnectionsPercent / 2)),
        connectionBorrowTimeout: settings.borrowTimeoutSeconds,
      },
    });
    // The target group refers to the instance only by name; without this it would be created before rules and secret exist.
    this.targetGroup.node.addDependency(database.instance, network);
  }

  /** Returns the ARN of a user of this proxy in policies. */
  userArn(user: string): string {
    const proxyId = Fn.select(6, Fn.split(':', this.proxy.attrDbProxyArn));
    return databaseUserArn(Stack.of(this), proxyId, user);
  }

  /** Created here with a retention: the proxy would create it without one. */
  private addLogs(config: Config, proxyName: string): LogGroup {
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/proxy/${proxyName}`,
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
  }

  private addRole(database: RelationalDatabase): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('rds.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'What the proxy may do: read the owner password, and come to the database as the function user',
    });
    const { instance, ownerSecret, key } = database;
    role.addToPolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [ownerSecret.secretArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['rds-db:connect'],
        resources: [databaseUserArn(Stack.of(this), instance.instanceResourceId ?? '', processorUser)],
      }),
    );
    if (key !== undefined) {
      role.addToPolicy(
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` } },
        }),
      );
    }
    return role;
  }
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html */
function databaseUserArn(stack: Stack, resourceId: string, user: string): string {
  return `arn:${stack.partition}:rds-db:${stack.region}:${stack.account}:dbuser:${resourceId}/${user}`;
}

/** Name of the proxy, which is required: from the stack's id, which is unique for each creation of the stack. */
function nameOf(scope: Construct): string {
  return Fn.join('-', ['proxy', Fn.select(2, Fn.split('/', Stack.of(scope).stackId))]);
}
