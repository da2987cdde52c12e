import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';
import { cloudTrailEvent, type CallRecord, type CloudTrailEvent } from './events';

/** Names of the deployed stack's resources, and clients. */
export interface Deployment {
  readonly ec2: EC2Client;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly eventsQueueUrl: string;
  readonly account: string;
  readonly region: string;
  /** Builds an event of this account and region. */
  readonly event: (call: Omit<CallRecord, 'account' | 'region'>) => CloudTrailEvent;
  /** Whether the deployed rule lets an event through. */
  readonly matches: (event: CloudTrailEvent) => Promise<boolean>;
}

export async function readDeployment(run: ScenarioRun): Promise<Deployment> {
  const [sqs, events] = [new SQSClient({}), new EventBridgeClient({})];
  const eventsQueueUrl = run.output('EventsQueueUrl');
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: eventsQueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const TargetArn = Attributes?.['QueueArn'] ?? '';
  const [, , , region = '', account = ''] = TargetArn.split(':');
  const { RuleNames } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn }));
  const { EventPattern } = await events.send(new DescribeRuleCommand({ Name: RuleNames?.[0] }));
  return {
    ec2: new EC2Client({}),
    s3: new S3Client({}),
    sqs,
    eventsQueueUrl,
    account,
    region,
    event: (call) => cloudTrailEvent({ ...call, account, region }),
    async matches(event) {
      const { Result } = await events.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) }));
      return Result === true;
    },
  };
}

/** Sends events to the queue as the rule does: nobody can put events of `aws.*` on a bus. */
export async function sendEvents({ sqs, eventsQueueUrl }: Deployment, events: readonly object[]): Promise<void> {
  for (let start = 0; start < events.length; start += 10) {
    const Entries = events.slice(start, start + 10).map((event, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(event),
    }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: eventsQueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`the queue refused events: ${JSON.stringify(Failed[0])}`);
  }
}
