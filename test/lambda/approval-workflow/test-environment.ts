import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as ses from '@aws-sdk/client-sesv2';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import { itemOf, recordOf } from '../../../lambda/approval-workflow/adapters/request-item';
import type { Policy } from '../../../lambda/approval-workflow/policy';
import { statusIndexName, type RequestRecord } from '../../../lambda/approval-workflow/request-record';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { loadHandler as load, type LoadedHandler } from '../../fakes/load-handler';
import { policy, record } from './sample-request';

const clients = {
  '@aws-sdk/client-dynamodb': dynamodb,
  '@aws-sdk/client-ec2': ec2,
  '@aws-sdk/client-eventbridge': eventbridge,
  '@aws-sdk/client-lambda': lambda,
  '@aws-sdk/client-scheduler': scheduler,
  '@aws-sdk/client-sesv2': ses,
  '@aws-sdk/client-sfn': sfn,
  '@aws-sdk/client-sns': sns,
  '@aws-sdk/client-ssm': ssm,
};

const clientClasses = Object.values(clients)
  .flatMap((module) => Object.entries(module))
  .filter(([name]) => /^[A-Z]\w+Client$/.test(name))
  .map(([, one]) => one as { prototype: { send: unknown } });

const prices = {
  sizes: { small: { instanceType: 't3.small', diskGigabytes: 20, hourlyDollars: 0.02 } },
  diskDollars: 0.08,
};

const functionEnvironment = {
  REQUESTS_TABLE_NAME: 'Requests',
  AUDIT_TABLE_NAME: 'Audit',
  LIMITS_TABLE_NAME: 'Limits',
  LINKS_TABLE_NAME: 'Links',
  POLICY_PARAMETER_NAME: '/policy',
  START_SCRIPTS_PARAMETER_NAME: '/start-scripts',
  AMI_PARAMETER_NAME: '/aws/service/ami',
  NOTICES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:Notices',
  PAGE_URL: 'https://page.example.com/',
  PRICES: JSON.stringify(prices),
  START_SCRIPT_NAMES: 'none,docker',
  MAXIMUM_DAYS: '90',
  STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow',
  END_MACHINE_FUNCTION_NAME: 'EndMachine',
  END_MACHINE_FUNCTION_ARN: 'arn:aws:lambda:eu-west-1:111122223333:function:EndMachine',
  SCHEDULE_GROUP_NAME: 'Ends',
  SCHEDULE_ROLE_ARN: 'arn:aws:iam::111122223333:role/Ends',
  DEAD_LETTERS_ARN: 'arn:aws:sqs:eu-west-1:111122223333:Unended',
  SUBNET_IDS: 'subnet-a,subnet-b',
  SECURITY_GROUP_ID: 'sg-1',
  INSTANCE_PROFILE_ARN: 'arn:aws:iam::111122223333:instance-profile/Machines',
  MANAGED_BY: 'ApprovalWorkflow',
  APPROVAL_SECONDS: '3600',
  EVENT_BUS_NAME: 'Bus',
};

/** Loads a handler with the environment of the stack's functions and these changes. */
export function loadHandler<Answer = unknown>(
  handlerFile: string,
  more: Readonly<Record<string, string>> = {},
): LoadedHandler<Answer> {
  // The same client classes as here, so that their spies apply to the handler.
  for (const [name, module] of Object.entries(clients)) jest.doMock(name, () => module);
  return load<Answer>(`approval-workflow/${handlerFile}`, { ...functionEnvironment, ...more });
}

export interface FakeInstance {
  readonly id: string;
  readonly input: ec2.RunInstancesCommandInput;
  state: string;
}

type Commands = Readonly<Record<string, (input: never) => object>>;

/** Services of the handlers in memory, and the lines that a handler logs. */
export class TestEnvironment {
  readonly parameters: Record<string, string> = {
    '/policy': JSON.stringify(policy),
    '/start-scripts': '{"docker":"#!/bin/sh"}',
    '/aws/service/ami': 'ami-1',
  };
  readonly instances: FakeInstance[] = [];
  /** Instances whose agent reports to Systems Manager. */
  readonly online = new Set<string>();
  readonly mails: { readonly recipient: string; readonly subject: string; readonly text: string }[] = [];
  readonly started: string[] = [];
  readonly outcomes: { readonly token: string; readonly output: unknown }[] = [];
  readonly schedules = new Map<string, string>();
  readonly invoked: unknown[] = [];
  readonly events: Record<string, unknown>[] = [];
  lines = '';
  /** Runs before each call; an error that it throws is the service's answer. */
  before: (call: string, input: Readonly<Record<string, unknown>>) => unknown = () => undefined;
  /** Runs after each call took effect; an error that it throws replaces the answer. */
  after: (call: string) => unknown = () => undefined;
  readonly #tables = new FakeDynamoDB({
    Requests: {
      partitionKey: 'requestId',
      indexes: { [statusIndexName]: { partitionKey: 'status', sortKey: 'submittedAt' } },
    },
    Audit: { partitionKey: 'requestId', sortKey: 'entry' },
    Limits: { partitionKey: 'owner' },
    Links: { partitionKey: 'linkHash' },
  });

  constructor() {
    const write = (text: string | Uint8Array): boolean => {
      this.lines += String(text);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(write);
    jest.spyOn(process.stderr, 'write').mockImplementation(write);
    const client = new dynamodb.DynamoDBClient(this.#tables.clientConfig);
    const sendToTables = client.send.bind(client) as (command: object) => Promise<object>;
    const send = async (command: { input: never }): Promise<object> => {
      const call = command.constructor.name.replace(/Command$/, '');
      await this.before(call, command.input);
      const act = this.#commands[call];
      const answer = act === undefined ? await sendToTables(command) : act(command.input);
      await this.after(call);
      return answer;
    };
    for (const one of clientClasses) jest.spyOn(one.prototype, 'send' as never).mockImplementation(send as never);
  }

  /** Stores a request. */
  put(more: Partial<RequestRecord> = {}): RequestRecord {
    const stored = { ...record, ...more };
    this.#tables.put('Requests', itemOf(stored) as never);
    return stored;
  }

  /** @throws Error where there is no such request */
  request(requestId = record.requestId): RequestRecord {
    const item = this.#tables.item('Requests', { requestId: { S: requestId } });
    if (item === undefined) throw new Error(`no request ${requestId}`);
    return recordOf(item as never);
  }

  /** Entries of the audit table, in order. */
  entries(requestId = record.requestId): string[] {
    const found: string[] = [];
    for (let revision = 1; revision < 40; revision++) {
      const key = { requestId: { S: requestId }, entry: { S: String(revision).padStart(6, '0') } };
      const what = (this.#tables.item('Audit', key) as { what?: { S: string } } | undefined)?.what?.S;
      if (what !== undefined) found.push(what);
    }
    return found;
  }

  limit(owner: string): number {
    const item = this.#tables.item('Limits', { owner: { S: owner } }) as { machines?: { N: string } } | undefined;
    return Number(item?.machines?.N ?? 0);
  }

  usePolicy(change: Partial<Policy>): void {
    this.parameters['/policy'] = JSON.stringify({ ...policy, ...change });
  }

  /** Link of the last mail to a person. */
  linkOf(person: string): string {
    const mail = this.mails.findLast(
      ({ recipient, text }) => recipient.startsWith(person) && text.includes('/approvals/'),
    );
    return /approvals\/([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';
  }

  readonly #commands: Commands = {
    GetParameter: ({ Name = '' }: ssm.GetParameterCommandInput) => ({ Parameter: { Value: this.parameters[Name] } }),
    DescribeInstanceInformation: ({ Filters = [] }: ssm.DescribeInstanceInformationCommandInput) => ({
      InstanceInformationList: (Filters[0]?.Values ?? [])
        .filter((id) => this.online.has(id))
        .map(() => ({ PingStatus: 'Online' })),
    }),
    Publish: ({ MessageAttributes, Subject = '', Message = '' }: sns.PublishCommandInput) => {
      const recipient = MessageAttributes?.['recipient']?.StringValue ?? '';
      this.mails.push({ recipient, subject: Subject, text: Message });
      return {};
    },
    SendEmail: ({ Destination, Content }: ses.SendEmailCommandInput) => {
      const { Subject, Body } = Content?.Simple ?? {};
      const [recipient = ''] = Destination?.ToAddresses ?? [];
      this.mails.push({ recipient, subject: Subject?.Data ?? '', text: Body?.Text?.Data ?? '' });
      return {};
    },
    StartExecution: ({ name = '' }: sfn.StartExecutionCommandInput) => {
      if (this.started.includes(name)) throw namedError('ExecutionAlreadyExists');
      this.started.push(name);
      return {};
    },
    SendTaskSuccess: ({ taskToken: token = '', output = '' }: sfn.SendTaskSuccessCommandInput) => {
      // https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
      if (this.outcomes.some((one) => one.token === token)) throw namedError('TaskTimedOut');
      this.outcomes.push({ token, output: JSON.parse(output) as unknown });
      return {};
    },
    CreateSchedule: ({ Name = '', ScheduleExpression = '' }: scheduler.CreateScheduleCommandInput) => {
      if (this.schedules.has(Name)) throw namedError('ConflictException');
      this.schedules.set(Name, ScheduleExpression);
      return {};
    },
    UpdateSchedule: ({ Name = '', ScheduleExpression = '' }: scheduler.UpdateScheduleCommandInput) => {
      if (!this.schedules.has(Name)) throw namedError('ResourceNotFoundException');
      this.schedules.set(Name, ScheduleExpression);
      return {};
    },
    DeleteSchedule: ({ Name = '' }: scheduler.DeleteScheduleCommandInput) => {
      if (!this.schedules.delete(Name)) throw namedError('ResourceNotFoundException');
      return {};
    },
    Invoke: ({ Payload }: lambda.InvokeCommandInput) => {
      this.invoked.push(JSON.parse(Payload as string));
      return {};
    },
    PutEvents: ({ Entries = [] }: eventbridge.PutEventsCommandInput) => {
      this.events.push(...Entries.map(({ Detail = '{}' }) => JSON.parse(Detail) as Record<string, unknown>));
      return { Entries: Entries.map(() => ({})) };
    },
    RunInstances: (input: ec2.RunInstancesCommandInput) => {
      const known = this.instances.find((one) => one.input.ClientToken === input.ClientToken);
      // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
      if (known !== undefined && JSON.stringify(known.input) !== JSON.stringify(input)) {
        throw namedError('IdempotentParameterMismatch');
      }
      const instance = known ?? { id: `i-${this.instances.length + 1}`, input, state: 'pending' };
      if (known === undefined) this.instances.push(instance);
      return { Instances: [{ InstanceId: instance.id }] };
    },
    DescribeInstances: ({ Filters = [] }: ec2.DescribeInstancesCommandInput) => ({
      Reservations: [
        {
          Instances: this.instances
            .filter((one) => Filters.every((filter) => matches(one, filter)))
            .map(({ id, input, state }) => ({
              InstanceId: id,
              State: { Name: state },
              LaunchTime: new Date(0),
              Tags: input.TagSpecifications?.[0]?.Tags,
            })),
        },
      ],
    }),
    TerminateInstances: ({ InstanceIds = [] }: ec2.TerminateInstancesCommandInput) => {
      for (const one of this.instances) if (InstanceIds.includes(one.id)) one.state = 'terminated';
      return {};
    },
  };
}

function matches({ id, input }: FakeInstance, { Name = '', Values = [] }: ec2.Filter): boolean {
  if (Name === 'instance-id') return Values.includes(id);
  const tag = input.TagSpecifications?.[0]?.Tags?.find(({ Key }) => `tag:${Key}` === Name);
  return Values.includes(tag?.Value ?? '');
}

/** An error of a service with this name. */
export function namedError(name: string): Error {
  return Object.assign(new Error(name), { name });
}
