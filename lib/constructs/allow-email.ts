import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ServiceFunction } from './service-function';

/**
 * Allows emails from the sender alone. SES asks for the permission on the identity of the sender's address or domain
 * (https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html). By reports, which AWS's pages do not confirm, it also asks for
 * that of a recipient who is verified in the account, as all are in the sandbox of SES (https://github.com/aws/aws-sdk-js/issues/3641):
 * so the identity is any, and the condition on the sender decides. The same goes for the configuration set that an identity has as
 * its default: https://github.com/aws/aws-cdk/issues/34402.
 *
 * @param recipients who they are, for the reason of the acknowledged finding
 */
export function allowEmail({ role }: ServiceFunction, sender: string, recipients: string): void {
  const kinds = ['identity', 'configuration-set'];
  const resources = kinds.map((kind) =>
    Stack.of(role).formatArn({ service: 'ses', resource: kind, resourceName: '*' }),
  );
  const conditions = { StringEquals: { 'ses:FromAddress': sender } };
  role.addToPolicy(new PolicyStatement({ actions: ['ses:SendEmail'], resources, conditions }));
  for (const kind of kinds) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:${kind}/*]`,
      reason: `The condition on ses:FromAddress allows one sender; recipients are ${recipients}.`,
    });
  }
}
