import { CustomResource, Duration, Validations, type Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { digestOf } from '../../lambda/database-access/migration-plan';
import { migrations } from '../../lambda/database-access/migrations';
import type { Config } from '../config';
import { ServiceFunction } from '../constructs/service-function';

export interface SchemaMigrationsProps {
  readonly config: Config;
  readonly topic: ITopic;
  /** Runs the migrations, in the VPC. */
  readonly migrate: ServiceFunction;
  readonly migrateTimeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  /** Resource id of the database; a replaced database has a new one. */
  readonly databaseId: string;
}

const timeout = Duration.minutes(12);

/**
 * Runs the migrations in every deployment that has new ones, before the resources that depend on it.
 *
 *     CloudFormation -> MigrateOnDeploy -> Migrate (isolated subnets) -> RDS Proxy
 *            ^--------------+
 *
 * Isolated subnets have no route to CloudFormation, so a function outside the VPC invokes `Migrate` and responds. It is
 * created in the stack's scope, which keeps its construct id short.
 */
export function migrateOnDeploy(stack: Stack, props: SchemaMigrationsProps): CustomResource {
  const { config, topic, migrate, migrateTimeout, environment } = props;
  const runner = new ServiceFunction(stack, 'MigrateOnDeploy', {
    config,
    topic,
    handlerFile: 'database-access/migrate-on-deploy',
    description: 'Has the schema migrated in a deployment, and answers CloudFormation',
    timeout,
    memorySize: 256,
    environment: {
      MIGRATE_FUNCTION_NAME: migrate.function.functionName,
      MIGRATE_TIMEOUT_SECONDS: String(migrateTimeout.toSeconds()),
      ...environment,
    },
  });
  runner.allow(['lambda:InvokeFunction'], migrate.function.functionArn);
  Validations.of(runner.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'CloudFormation invokes it and waits for its answer: a failure fails the deployment.',
  });
  const resource = new CustomResource(stack, 'Migrations', {
    serviceToken: runner.function.functionArn,
    resourceType: 'Custom::SchemaMigrations',
    // A replaced database is empty and needs all migrations.
    properties: { Digest: digestOf(migrations), Database: props.databaseId },
    serviceTimeout: timeout.plus(Duration.minutes(1)),
  });
  resource.node.addDependency(runner.role);
  return resource;
}
