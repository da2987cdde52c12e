import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  CaCertificate,
  Credentials,
  DatabaseInsightsMode,
  DatabaseInstance,
  ParameterGroup,
  StorageType,
  type CfnDBInstance,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { databaseName, enginePorts, ownerUser } from '../../lambda/database-access/database-schema';
import type { Config } from '../config';
import type { DatabaseAccessSettings } from './database-access-settings';
import { engineFacts } from './engine-facts';
import { offersDatabaseInsights } from './instance-class';
import type { PrivateNetwork } from './private-network';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';

export interface RelationalDatabaseProps {
  readonly config: Config;
  readonly settings: DatabaseAccessSettings;
  readonly network: PrivateNetwork;
}

/**
 * The database: encrypted, TLS and IAM only. Where the owner needs a password, RDS generates and rotates it; a rotation
 * function would need an endpoint of Secrets Manager in these subnets.
 */
export class RelationalDatabase extends Construct {
  readonly instance: DatabaseInstance;
  /** Secret of the owner's password; undefined where the owner logs in by IAM. */
  readonly ownerSecret: ISecret | undefined;
  /** Names of the log groups that RDS writes. */
  readonly logGroupNames: readonly string[];
  /** Key of storage and secret. @default AWS managed keys */
  readonly key: Key | undefined;

  constructor(scope: Construct, id: string, props: RelationalDatabaseProps) {
    super(scope, id);
    const { config, settings, network } = props;
    const { instanceEngine: engine, parameters, logExports, ownerByIam } = engineFacts[settings.engine];
    const hasInsights = offersDatabaseInsights(settings.engine, settings.instanceClass);
    const monitoringRole = this.addMonitoringRole();
    this.key = config.customerKeys ? this.addKey(config) : undefined;
    const removalPolicy = config.retainData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY;
    this.instance = new DatabaseInstance(this, 'Instance', {
      engine,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: 'TLS for every connection, slow statements logged',
        parameters: { ...parameters, max_connections: String(settings.maxConnections) },
      }),
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [network.databaseGroup],
      publiclyAccessible: false,
      port: enginePorts[settings.engine],
      instanceType: new InstanceType(settings.instanceClass),
      multiAz: settings.multiAz ?? config.retainData,
      databaseName,
      credentials: Credentials.fromUsername(ownerUser, this.key === undefined ? {} : { encryptionKey: this.key }),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      storageType: StorageType.GP3,
      allocatedStorage: settings.storageGigabytes,
      maxAllocatedStorage: settings.maxStorageGigabytes,
      storageEncrypted: true,
      ...(this.key === undefined ? {} : { storageEncryptionKey: this.key }),
      backupRetention: Duration.days(settings.backupDays ?? (config.retainData ? 14 : 1)),
      deleteAutomatedBackups: !config.retainData,
      copyTagsToSnapshot: true,
      deletionProtection: config.retainData,
      removalPolicy,
      autoMinorVersionUpgrade: true,
      cloudwatchLogsExports: [...logExports],
      monitoringInterval: Duration.seconds(60),
      monitoringRole,
      // Seven days are free of charge.
      enablePerformanceInsights: hasInsights,
      ...(hasInsights ? { databaseInsightsMode: DatabaseInsightsMode.STANDARD } : {}),
      ...(hasInsights && this.key !== undefined ? { performanceInsightEncryptionKey: this.key } : {}),
    });
    // RDS checks at creation that the role may write, which its policy decides.
    this.instance.node.addDependency(monitoringRole);
    this.logGroupNames = logExports.map((log) => `/aws/rds/instance/${this.instance.instanceIdentifier}/${log}`);
    const hasPassword = !ownerByIam || settings.ownerPassword === 'managed';
    this.ownerSecret = hasPassword ? this.instance.secret : undefined;
    if (!hasPassword) this.letOwnerInByIam();
    this.acknowledgeFindings(config);
  }

  /**
   * Lets RDS create the owner without a password. CDK's construct has no property for that.
   *
   * On PostgreSQL 16 and later the creator of a role becomes its member. Once the owner has created `data_processor`, which is
   * in `rds_iam`, the owner counts as a member of `rds_iam` too, and RDS refuses its password.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html#UsingWithRDS.IAMDBAuth.Limitations
   */
  private letOwnerInByIam(): void {
    const instance = this.instance.node.defaultChild as CfnDBInstance;
    instance.masterUserAuthenticationType = 'iam-db-auth';
    instance.addPropertyDeletionOverride('ManageMasterUserPassword');
    instance.addPropertyDeletionOverride('MasterUserSecret');
  }

  /** Role for enhanced monitoring; the managed policy of CDK's own role allows more log groups. */
  private addMonitoringRole(): Role {
    const role = new Role(this, 'MonitoringRole', {
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html#USER_Monitoring.OS.confused-deputy
      assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Lets RDS write the metrics of the operating system',
    });
    const groupArn = 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:RDSOSMetrics';
    Validations.of(role).acknowledge(
      {
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::${groupArn}:*]`,
        reason: 'The ARN of this one group, as IAM compares it.',
      },
      {
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::${groupArn}:log-stream:*]`,
        reason: 'RDS names a stream in this one group after each instance.',
      },
    );
    const group = Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:RDSOSMetrics' });
    role.addToPolicy(
      // CreateLogGroup is checked against the group's ARN with `:log-stream:` behind it.
      new PolicyStatement({ actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], resources: [`${group}:*`] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
        resources: [`${group}:log-stream:*`],
      }),
    );
    return role;
  }

  private addKey(config: Config): Key {
    return new Key(this, 'Key', {
      description: 'Encrypts the database and its owner password',
      enableKeyRotation: true,
      removalPolicy: dataRemovalPolicy(config),
    });
  }

  private acknowledgeFindings(config: Config): void {
    const ports = 'RDS Proxy listens on the engine port and no other; the security groups let nobody else come near.';
    Validations.of(this.instance).acknowledge(
      {
        id: 'CloudFormation-Validate::E9006',
        reason: 'It lists minor versions; RDS takes a major version and keeps to its default minor one.',
      },
      { id: 'AwsSolutions::AwsSolutions-RDS11', reason: ports },
      { id: 'cdk-validator-cfnguard::rds_instance_no_default_ports_check', reason: ports },
    );
    if (config.stage === 'prod') return;
    const cheap = 'A sandbox costs little: one zone, backups of a day, keys of AWS.';
    const gone = 'A sandbox goes with its data; prod is protected.';
    Validations.of(this.instance).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-RDS3', reason: cheap },
      { id: 'cdk-validator-cfnguard::rds_instance_multi_az_support_check', reason: cheap },
      { id: 'cdk-validator-cfnguard::rds_instance_backup_enabled_check', reason: cheap },
      { id: 'cdk-validator-cfnguard::rds_storage_encrypted_kms_key_check', reason: cheap },
      { id: 'AwsSolutions::AwsSolutions-RDS10', reason: gone },
      { id: 'cdk-validator-cfnguard::rds_instance_deletion_protection_enabled_check', reason: gone },
    );
  }
}
