import { ArnFormat, CustomResource, Duration, Validations, type Stack } from 'aws-cdk-lib';
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
  /** Resource id of the database; a replaced database has a new one. */
  readonly databaseId: string;
  /** Log groups that RDS writes, to be kept for as long as the stage says. */
  readonly logGroupNames: readonly string[];
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
  const { config, topic, migrate, migrateTimeout } = props;
  const runner = new ServiceFunction(stack, 'MigrateOnDeploy', {
    config,
    topic,
    handlerFile: 'database-access/migrate-on-deploy',
    description: 'Prepares the database in a deployment: log retention and migrations',
    timeout,
    memorySize: 256,
    errorThreshold: 1,
    environment: {
      MIGRATE_FUNCTION_NAME: migrate.function.functionName,
      MIGRATE_TIMEOUT_SECONDS: String(migrateTimeout.toSeconds()),
    },
  });
  runner.allow(['lambda:InvokeFunction'], migrate.function.functionArn);
  const logGroups = props.logGroupNames.map((resourceName) =>
    stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  // All actions on a group but those on tags take its ARN with `:*` behind it:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
  const resources = logGroups.map((arn) => `${arn}:*`);
  runner.allow(['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], ...resources);
  Validations.of(runner.role).acknowledge(
    ...logGroups.map((arn) => ({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${readable(stack, arn)}:*]`,
      reason: 'The ARN of this one group, as CloudWatch Logs checks it.',
    })),
  );
  Validations.of(runner.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'CloudFormation invokes it and waits for its answer: a failure fails the deployment.',
  });
  const resource = new CustomResource(stack, 'Migrations', {
    serviceToken: runner.function.functionArn,
    resourceType: 'Custom::SchemaMigrations',
    // A replaced database is empty and needs all migrations.
    properties: {
      Digest: digestOf(migrations),
      Database: props.databaseId,
      LogGroupNames: props.logGroupNames,
      LogRetentionDays: config.logRetention,
    },
    serviceTimeout: timeout.plus(Duration.minutes(1)),
  });
  resource.node.addDependency(runner.role);
  return resource;
}

/** Text with references as cdk-nag writes them, such as `<AWS::Region>`. */
function readable(stack: Stack, text: string): string {
  const { 'Fn::Join': join } = stack.resolve(text) as { 'Fn::Join': [string, readonly (string | { Ref: string })[]] };
  return join[1].map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}
