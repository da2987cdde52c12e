import { Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import type { ServiceFunction } from '../constructs/service-function';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';

export interface MessageTopicProps {
  readonly config: Config;
}

/** Topic on which functions notify people; encrypted with a customer managed key in prod. */
export class MessageTopic extends Construct {
  readonly topic: Topic;
  private readonly key: Key | undefined;

  constructor(scope: Construct, id: string, props: MessageTopicProps) {
    super(scope, id);
    const { config } = props;
    this.key = config.customerKeys
      ? new Key(this, 'Key', {
          description: `Encrypts ${id} in transit to the subscribers.`,
          enableKeyRotation: true,
          removalPolicy: dataRemovalPolicy(config),
        })
      : undefined;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true, ...(this.key ? { masterKey: this.key } : {}) });
    if (this.key === undefined) {
      Validations.of(this.topic).acknowledge({
        id: 'AwsSolutions::AwsSolutions-SNS2',
        reason: 'Sandbox orders are test data; a customer managed key costs a dollar a month.',
      });
    }
  }

  /** Grants a function `sns:Publish`, and the use of the key if there is one. */
  allowPublishing(by: ServiceFunction): void {
    by.allow(['sns:Publish'], this.topic.topicArn);
    if (this.key) by.allow(['kms:GenerateDataKey', 'kms:Decrypt'], this.key.keyArn);
  }
}
