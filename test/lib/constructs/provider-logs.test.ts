import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { loadConfig } from '../../../lib/config';
import { addProviderLogs } from '../../../lib/constructs/provider-logs';
import { AccessLogBucket } from '../../../lib/constructs/private-bucket';

const config = { ...loadConfig({}, []), handlersFolder: 'unused', layersFolder: 'unused' };

function templateOf(): Template {
  const stack = new Stack(new App(), 'Logs');
  new AccessLogBucket(stack, 'AccessLogs', { config });
  addProviderLogs(stack, config);
  return Template.fromStack(stack);
}

it('the function that empties buckets writes to a log group that expires and goes with the stack', () => {
  const template = templateOf();
  const [group = ''] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
  template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: group } } });
});

it('its role cannot create a log group, which would come back after the stack is deleted', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('CreateLogGroup');
});
