import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import { TreatMissingData, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { statusIndexName } from '../../lambda/approval-workflow/request-record';
import type { Config } from '../config';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction } from '../constructs/service-function';
import { serviceMetric } from '../constructs/service-metric';
import { functionRunbook } from './approval-functions';

export interface MachineWatchProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly requests: TableV2;
  readonly deadLetters: Queue;
  readonly managedBy: string;
  readonly approvalSeconds: number;
}

const interval = Duration.hours(1);

/** Metric that CountMachines publishes. */
export function countMetric(requests: TableV2, metricName: string): Metric {
  return serviceMetric(requests, metricName, {
    dimensionsMap: { RequestsTable: requests.tableName },
    statistic: 'Maximum',
    // Two intervals: every period has a data point, though a count may come late.
    period: Duration.hours(2),
  });
}

/** Metric of mails that SES refused for good. */
export function noticesMetric(requests: TableV2): Metric {
  const dimensionsMap = { RequestsTable: requests.tableName };
  return serviceMetric(requests, 'NoticesNotSent', { dimensionsMap, statistic: 'Sum', period: alarmPeriod });
}

/** Compares machines with requests every hour, and alarms on what differs. */
export function addMachineWatch(stack: Stack, props: MachineWatchProps): ServiceFunction {
  const { config, topic, requests, deadLetters } = props;
  const countMachines = new ServiceFunction(stack, 'CountMachines', {
    config,
    topic,
    handlerFile: 'approval-workflow/count-machines',
    description: 'Compares machines with requests',
    timeout: Duration.seconds(60),
    memorySize: 256,
    runbook: functionRunbook,
    retryAttempts: 2,
    maxEventAge: interval,
    // CDK's SqsDestination grants three actions, and Lambda uses one.
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    environment: {
      REQUESTS_TABLE_NAME: requests.tableName,
      MANAGED_BY: props.managedBy,
      APPROVAL_SECONDS: String(props.approvalSeconds),
    },
  });
  countMachines.allow(['sqs:SendMessage'], deadLetters.queueArn);
  countMachines.allow(['dynamodb:GetItem'], requests.tableArn);
  countMachines.allow(['dynamodb:Query'], `${requests.tableArn}/index/${statusIndexName}`);
  allowDescribing(countMachines);
  new Rule(stack, 'EveryHour', {
    description: 'Compares machines with requests',
    schedule: Schedule.rate(interval),
    targets: [
      new LambdaFunction(countMachines.function, {
        deadLetterQueue: deadLetters,
        retryAttempts: 2,
        maxEventAge: interval,
      }),
    ],
  });
  addAlarms(stack, props);
  return countMachines;
}

/** DescribeInstances takes no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export function allowDescribing(by: ServiceFunction): void {
  by.allow(['ec2:DescribeInstances'], '*');
  Validations.of(by.role).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'ec2:DescribeInstances and X-Ray take no narrower resource than all of them.',
  });
}

function addAlarms(stack: Stack, { topic, requests }: MachineWatchProps): void {
  const alarms = [
    {
      id: 'MachinesWithoutRequest',
      runbook: 'machines-without-request',
      meaning: 'A machine of this stack runs for no open request.',
    },
    {
      id: 'RequestsWithoutMachine',
      runbook: 'requests-without-machine',
      meaning: 'A request is running and its machine is gone.',
    },
    { id: 'OverdueMachines', runbook: 'machines-overdue', meaning: 'A machine runs an hour after its end.' },
    {
      id: 'StuckRequests',
      runbook: 'requests-stuck',
      meaning: 'Nothing has happened to an open request for too long.',
    },
  ];
  for (const { id, ...alarm } of alarms) {
    new RunbookAlarm(stack, id, {
      topic,
      ...alarm,
      metric: countMetric(requests, id),
      threshold: 1,
      evaluationPeriods: 1,
      // Without data the state stays: the alarm neither ends nor begins because a count is missing.
      treatMissingData: TreatMissingData.IGNORE,
    });
  }
  new RunbookAlarm(stack, 'NoticesNotSent', {
    topic,
    runbook: 'notices-not-sent',
    meaning: 'A mail was refused for good.',
    metric: noticesMetric(requests),
    threshold: 1,
    evaluationPeriods: 1,
  });
}
