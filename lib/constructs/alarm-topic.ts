import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from './data-removal-policy';

export interface AlarmTopicProps {
  readonly config: Config;
}

/**
 * Topic of a stack's alarms, with `alarmEmail` as its subscriber if one is configured.
 *
 * The policy that denies plain HTTP replaces the default one, so CloudWatch is allowed by name. In prod the customer key
 * allows CloudWatch as well; the key behind `alias/aws/sns` never does.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { config } = props;
    this.topic = new Topic(this, 'Topic', {
      enforceSSL: true,
      ...(config.customerKeys ? { masterKey: this.addKey(config) } : {}),
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (config.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(config.alarmEmail));
    if (!config.customerKeys) {
      Validations.of(this.topic).acknowledge({
        id: 'AwsSolutions::AwsSolutions-SNS2',
        reason:
          'Sandbox alarms say which resource is in which state and carry no data; a customer key costs a dollar a month.',
      });
    }
  }

  private addKey(config: Config): Key {
    const key = new Key(this, 'Key', {
      description: 'Encrypts alarm messages on their way to the subscribers.',
      enableKeyRotation: true,
      removalPolicy: dataRemovalPolicy(config),
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayEncrypt',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return key;
  }
}
