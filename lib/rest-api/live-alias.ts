import { Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type CfnFunction, type Function, type IVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { RestApiSettings } from './rest-api-settings';

export interface LiveAliasProps {
  readonly function: Function;
  readonly provisionedConcurrency: RestApiSettings['provisionedConcurrency'];
}

/** Alias `live` of a function: its version is kept initialized, or replaced by and by. */
export class LiveAlias extends Construct {
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: LiveAliasProps) {
    super(scope, id);
    const { provisionedConcurrency: wanted } = props;
    this.alias = new Alias(this, 'Alias', {
      aliasName: 'live',
      // The cast: exactOptionalPropertyTypes finds the optional members of CDK's class unlike those of its interface.
      version: props.function.currentVersion as IVersion,
      // The scaling moves it between its bounds; a deployment puts it back to the lower one.
      ...(wanted === undefined ? {} : { provisionedConcurrentExecutions: wanted.minimum }),
    });
    if (wanted !== undefined) this.addScaling(wanted);
  }

  /**
   * Deploys new versions to a tenth of the requests for ten minutes, twice the alarm's period, and takes them back when it is raised.
   *
   * The role has exact permissions: CDK adds AWS's managed policy to one that it may change. It lists what deployments without
   * hooks call: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html
   */
  addCanary(alarm: Alarm): void {
    const role = new Role(this, 'DeploymentRole', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      description: 'Moves the alias to a new version, and back on an alarm',
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
        resources: [this.alias.lambda.functionArn],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetProvisionedConcurrencyConfig'],
        // Of aliases and versions, whose ARNs end in their names.
        resources: [`${this.alias.lambda.functionArn}:*`],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudwatch:DescribeAlarms'],
        resources: [alarm.alarmArn],
      }),
    );
    const lambda = this.alias.lambda.node.defaultChild as CfnFunction;
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(lambda)}.Arn>:*]`,
      reason: 'Versions and aliases of one function, and the call reads.',
    });
    const group = new LambdaDeploymentGroup(this, 'Deployments', {
      alias: this.alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
      role: role.withoutPolicyUpdates(),
      alarms: [alarm],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
    group.node.addDependency(role);
  }

  private addScaling({
    minimum,
    maximum,
    utilization,
    schedules,
  }: NonNullable<RestApiSettings['provisionedConcurrency']>): void {
    const scaling = this.alias.addAutoScaling({ minCapacity: minimum, maxCapacity: maximum });
    scaling.scaleOnUtilization({ utilizationTarget: utilization });
    schedules.forEach(({ cron, ...bounds }, index) =>
      scaling.scaleOnSchedule(`Schedule${index + 1}`, {
        schedule: Schedule.expression(`cron(${cron})`),
        minCapacity: bounds.minimum,
        maxCapacity: bounds.maximum,
      }),
    );
  }
}
