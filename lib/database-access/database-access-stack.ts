import { Annotations, CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { enginePorts, ownerUser, processorUser } from '../../lambda/database-access/database-schema';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { networkInterfaceActions } from '../constructs/isolated-vpc';
import { ServiceFunction } from '../constructs/service-function';
import type { DatabaseAccessSettings } from './database-access-settings';
import { DatabaseAlarms } from './database-alarms';
import { DatabaseDashboard } from './database-dashboard';
import { DatabaseProxy } from './database-proxy';
import { PrivateNetwork } from './private-network';
import { RelationalDatabase } from './relational-database';
import { migrateOnDeploy } from './schema-migrations';

/** A migration may build an index over all existing rows. */
const migrateTimeout = Duration.minutes(5);

/**
 * A function in isolated subnets uses a relational database through RDS Proxy. No person or function knows a password.
 *
 *     caller -> DataProcessor -> RDS Proxy -> database
 *     deployment -> Migrate -------^
 */
export class DatabaseAccessStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<DatabaseAccessSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'A relational database behind RDS Proxy (database-access)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const port = enginePorts[settings.engine];
    if (settings.zones !== undefined) {
      // A subnet moves to another zone by replacement, for which its addresses are not free.
      Annotations.of(this).addInfo(
        'The zones of a deployed stack cannot be changed: deploy a second stack for others.',
      );
    }
    const network = new PrivateNetwork(this, 'Network', { config, port, zones: settings.zones });
    const database = new RelationalDatabase(this, 'Database', { config, settings, network });
    const access = new DatabaseProxy(this, 'Access', { config, settings, network, database });

    const inside = (user: string, queryTimeout: Duration) => ({
      config,
      topic,
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [network.functionGroup],
      environment: {
        DATABASE_ENGINE: settings.engine,
        DATABASE_USER: user,
        DATABASE_PORT: String(port),
        PROXY_ENDPOINT: access.proxy.attrEndpoint,
        QUERY_TIMEOUT_MILLISECONDS: String(queryTimeout.toMilliseconds()),
      },
    });
    const migrate = new ServiceFunction(this, 'Migrate', {
      ...inside(ownerUser, Duration.seconds(migrateTimeout.toSeconds() - 20)),
      handlerFile: 'database-access/migrate',
      description: 'Brings the schema up to date, as its owner',
      // It runs in deployments: MigrateOnDeploy repeats what passes by itself, and nothing repeats the rest.
      errorThreshold: 1,
      expectedErrors: 'a database or a login that is not ready yet',
      timeout: migrateTimeout,
      memorySize: 256,
    });
    const dataProcessor = new ServiceFunction(this, 'DataProcessor', {
      ...inside(processorUser, Duration.seconds(settings.queryTimeoutSeconds)),
      handlerFile: 'database-access/data-processor',
      description: 'Ingests records, each once, and sums them up',
      expectedErrors: 'malformed requests',
      timeout: Duration.seconds(settings.timeoutSeconds),
      memorySize: settings.memoryMegabytes,
    });

    for (const [user, one] of [
      [ownerUser, migrate],
      [processorUser, dataProcessor],
    ] as const) {
      one.allow(networkInterfaceActions, '*');
      one.allow(['rds-db:connect'], access.userArn(user));
      Validations.of(one.function).acknowledge({
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'It is never invoked asynchronously: its caller receives each error.',
      });
    }
    const databaseId = database.instance.instanceResourceId ?? '';
    const migrations = migrateOnDeploy(this, {
      ...{ config, topic, migrate, migrateTimeout, databaseId },
      logGroupNames: database.logGroupNames,
    });
    migrations.node.addDependency(access.targetGroup);
    // New code is deployed after its schema; until then the previous code runs, which works with every migration.
    dataProcessor.function.node.addDependency(migrations);

    const { instance } = database;
    const { proxy } = access;
    new DatabaseAlarms(this, 'Limits', { topic, settings, instance, proxy });
    if (settings.dashboard ?? config.dashboards) {
      new DatabaseDashboard(this, 'Overview', { dataProcessor: dataProcessor.function, proxy, instance });
    }

    new CfnOutput(this, 'DataProcessorFunctionName', { value: dataProcessor.function.functionName });
    new CfnOutput(this, 'MigrateFunctionName', { value: migrate.function.functionName });
    new CfnOutput(this, 'ProxyEndpoint', { value: proxy.attrEndpoint });
    if (database.ownerSecret !== undefined) {
      new CfnOutput(this, 'DatabaseSecretArn', { value: database.ownerSecret.secretArn });
    }
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
