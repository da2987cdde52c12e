import { Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import type { ServiceFunction } from '../constructs/service-function';

export interface ReportsTopicProps {
  readonly config: Config;
}

/** Topic of the messages to the team; encrypted with a customer managed key in prod. */
export class ReportsTopic extends Construct {
  readonly topic: Topic;
  private readonly key: Key | undefined;

  constructor(scope: Construct, id: string, props: ReportsTopicProps) {
    super(scope, id);
    const { config } = props;
    this.key = config.customerKeys
      ? new Key(this, 'Key', {
          description: 'Encrypts messages of the pipeline in transit to the subscribers.',
          enableKeyRotation: true,
          removalPolicy: dataRemovalPolicy(config),
        })
      : undefined;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true, ...(this.key ? { masterKey: this.key } : {}) });
    if (this.key === undefined) {
      Validations.of(this.topic).acknowledge({
        id: 'AwsSolutions::AwsSolutions-SNS2',
        reason: 'Sandbox messages name commits and digests; a customer managed key costs a dollar a month.',
      });
    }
  }

  allowPublishing(by: ServiceFunction): void {
    by.allow(['sns:Publish'], this.topic.topicArn);
    if (this.key) by.allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.key.keyArn);
  }
}
