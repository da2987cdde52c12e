import { Fn, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnDBProxy, CfnDBProxyTargetGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { ownerUser, processorUser, type Engine } from '../../lambda/database-access/database-schema';
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
 * Users authenticate by IAM end to end. Where the owner has a password, it authenticates by IAM at the proxy, which then uses
 * the password. L1 constructs: with IAM as the default scheme, CDK's `DatabaseProxy` writes `IAMAuth: DISABLED` on an
 * additional secret, and the owner could log in with a password.
 */
export class DatabaseProxy extends Construct {
  readonly proxy: CfnDBProxy;
  readonly targetGroup: CfnDBProxyTargetGroup;

  constructor(scope: Construct, id: string, props: DatabaseProxyProps) {
    super(scope, id);
    const { settings, network, database } = props;
    const dbProxyName = nameOf(this, settings.engine);
    const secretArn = engineFacts[settings.engine].ownerByIam ? undefined : database.ownerSecret?.secretArn;
    const logs = this.addLogs(props.config, dbProxyName);
    const role = this.addRole(database, secretArn);
    this.proxy = new CfnDBProxy(this, 'Proxy', {
      dbProxyName,
      engineFamily: engineFacts[settings.engine].family,
      roleArn: role.roleArn,
      requireTls: true,
      defaultAuthScheme: 'IAM_AUTH',
      ...(secretArn === undefined
        ? {}
        : {
            auth: [
              {
                authScheme: 'SECRETS',
                iamAuth: 'REQUIRED',
                secretArn,
                description: 'The owner, who migrates the schema',
              },
            ],
          }),
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

  private addRole(database: RelationalDatabase, secretArn: string | undefined): Role {
    const role = new Role(this, 'Role', {
      // RDS Proxy supports no global condition key, such as aws:SourceAccount: with one it cannot assume the role.
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
      assumedBy: new ServicePrincipal('rds.amazonaws.com'),
      description: 'Lets the proxy log in to the database by IAM, and read a password of the owner',
    });
    const { instance, key } = database;
    const users = secretArn === undefined ? [ownerUser, processorUser] : [processorUser];
    role.addToPolicy(
      new PolicyStatement({
        actions: ['rds-db:connect'],
        resources: users.map((user) => databaseUserArn(Stack.of(this), instance.instanceResourceId ?? '', user)),
      }),
    );
    if (secretArn === undefined) return role;
    role.addToPolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }));
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

/**
 * Name of the proxy, which is required: from the stack's id, which is unique for each creation of the stack.
 *
 * Another engine replaces the proxy, which CloudFormation creates beside the old one, so each engine has a name of its own.
 */
function nameOf(scope: Construct, engine: Engine): string {
  const uuid = Fn.select(2, Fn.split('/', Stack.of(scope).stackId));
  return Fn.join('-', ['proxy', ...(engine === 'postgres' ? [] : [engine]), uuid]);
}
