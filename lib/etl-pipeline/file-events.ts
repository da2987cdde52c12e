import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Dataset } from '../../lambda/etl-pipeline/dataset';
import { incomingPrefix } from '../../lambda/etl-pipeline/s3-event';

export interface FileEventsProps {
  readonly bucketName: IBucket['bucketName'];
  readonly datasets: readonly Dataset[];
  readonly target: IStateMachine;
  /** Receives events whose execution could not be started. */
  readonly unstarted: IQueue;
}

/** Starts an execution for each object that is created in the folder of a dataset. */
export class FileEvents extends Construct {
  constructor(scope: Construct, id: string, props: FileEventsProps) {
    super(scope, id);
    const { bucketName, datasets, target, unstarted } = props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Starts the state machine of uploaded files, and nothing else',
    });
    new Rule(this, 'Rule', {
      description: 'Objects that are created in the folder of a dataset',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [bucketName] },
          object: { key: datasets.map(({ prefix }) => ({ prefix: incomingPrefix + prefix })) },
        },
      },
      targets: [
        new SfnStateMachine(target, {
          role,
          deadLetterQueue: unstarted,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }
}
