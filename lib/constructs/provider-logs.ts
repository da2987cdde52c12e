import { CustomResourceProviderBase, type CfnResource, type Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Config } from '../config';
import { dataRemovalPolicy } from './data-removal-policy';

/**
 * Gives the functions with which CDK empties buckets and default security groups log groups of the stack.
 *
 * Without one, Lambda makes a group that never expires and outlives the stack (https://github.com/aws/aws-cdk/issues/26553).
 * Their roles may write to that group alone, in place of AWS's managed policy: with its right to create groups, log lines that
 * arrive after the stack's deletion would bring a group back.
 *
 * @param stack with all its constructs
 */
export function addProviderLogs(stack: Stack, config: Config): void {
  const providers = stack.node.findAll().filter((one) => one instanceof CustomResourceProviderBase);
  for (const provider of providers) {
    const logs = new LogGroup(provider, 'Logs', {
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
    const part = (id: string): CfnResource => provider.node.findChild(id) as CfnResource;
    part('Handler').addPropertyOverride('LoggingConfig', { LogGroup: logs.logGroupName });
    part('Role').addPropertyDeletionOverride('ManagedPolicyArns');
    provider.addToRolePolicy({
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: logs.logGroupArn,
    });
  }
}
