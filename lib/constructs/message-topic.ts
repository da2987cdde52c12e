import { Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from './data-removal-policy';
import type { ServiceFunction } from './service-function';

export interface MessageTopicProps {
  readonly config: Config;
  /** Messages, as the description of the key names them. */
  readonly messages: string;
  /** Reason why they need no customer managed key in a sandbox. */
  readonly sandboxReason: string;
}

/** Topic that notifies people; encrypted with a customer managed key in prod. */
export class MessageTopic extends Construct {
  readonly topic: Topic;
  private readonly key: Key | undefined;

  constructor(scope: Construct, id: string, props: MessageTopicProps) {
    super(scope, id);
    const { config, messages, sandboxReason } = props;
    this.key = config.customerKeys
      ? new Key(this, 'Key', {
          description: `Encrypts ${messages} in transit to the subscribers.`,
          enableKeyRotation: true,
          removalPolicy: dataRemovalPolicy(config),
        })
      : undefined;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true, ...(this.key ? { masterKey: this.key } : {}) });
    if (this.key === undefined) {
      Validations.of(this.topic).acknowledge({
        id: 'AwsSolutions::AwsSolutions-SNS2',
        reason: `${sandboxReason}; a customer managed key costs a dollar a month.`,
      });
    }
  }

  /** Allows a function or a state machine to publish, and the use of the key if there is one. */
  allowPublishing(by: Pick<ServiceFunction, 'allow'>): void {
    by.allow(['sns:Publish'], this.topic.topicArn);
    if (this.key) by.allow(['kms:GenerateDataKey', 'kms:Decrypt'], this.key.keyArn);
  }
}
