import { Match, type Template } from 'aws-cdk-lib/assertions';
import { statements } from '../../rules/access-rules';
import { references, type Resource, type Subject } from '../../rules/rule';
import { stages, synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';
import { readDefinition } from './read-definition';

const template = synthesize().template('OrderWorkflow');
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments-AbCdEf';

function subjectOf(of: Template): Subject {
  const { Resources } = of.toJSON() as { Resources: Record<string, Resource> };
  return {
    id: 'OrderWorkflow',
    slug: 'order-workflow',
    stage: 'sandbox',
    resources: new Map(Object.entries(Resources)),
    outputs: new Map(),
  };
}

/** Permissions of the roles whose id starts so, one line for each action and resource. */
function granted(start: string, of: Template = template): string[] {
  return statements(subjectOf(of))
    .filter(({ roles }) => roles.some((role) => role.startsWith(start)))
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) =>
        resources.map((one) => `${action} on ${typeof one === 'string' ? one : references(one).join(' ')}`),
      ),
    )
    .sort();
}

const deliveryOfLogs = [
  'CreateLogDelivery',
  'DeleteLogDelivery',
  'DescribeLogGroups',
  'DescribeResourcePolicies',
  'GetLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'UpdateLogDelivery',
].map((action) => `logs:${action} on *`);
const traces = ['GetSamplingRules', 'GetSamplingTargets', 'PutTelemetryRecords', 'PutTraceSegments'].map(
  (action) => `xray:${action} on *`,
);

describe.each(stages)('the role of the state machine in %s', (stage) => {
  const of = synthesize({ stage }).template('OrderWorkflow');

  it('allows exactly what the definition calls', () => {
    const calls = Object.values(readDefinition(of).States).flatMap(({ Resource, Arguments }) => {
      const what = String(Resource).replace(/\.waitForTaskToken$/, '');
      if (what.endsWith(':lambda:invoke')) return [`lambda:InvokeFunction on ${String(Arguments?.['FunctionName'])}`];
      if (what.endsWith(':dynamodb:updateItem')) return [`dynamodb:UpdateItem on ${String(Arguments?.['TableName'])}`];
      if (what.endsWith(':events:putEvents')) {
        const [entry] = (Arguments?.['Entries'] ?? []) as { EventBusName: string }[];
        return [`events:PutEvents on ${entry?.EventBusName}`];
      }
      expect(Resource).toBeUndefined();
      return [];
    });
    expect(granted('OrderWorkflowRole', of)).toEqual([...new Set(calls), ...deliveryOfLogs, ...traces].sort());
  });
});

it('rules may send to their own queues only', () => {
  const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy'));
  const byEvents = policies
    .flatMap(
      (policy) =>
        (policy as { Properties: { PolicyDocument: { Statement: object[] } } }).Properties.PolicyDocument.Statement,
    )
    .filter((statement) => JSON.stringify(statement).includes('events.amazonaws.com'));
  expect(byEvents.length).toBeGreaterThan(0);
  for (const statement of byEvents) {
    expect(statement).toMatchObject({
      Effect: 'Allow',
      Condition: { ArnEquals: { 'aws:SourceArn': expect.anything() as unknown } },
    });
    expect(JSON.stringify((statement as { Action: unknown }).Action)).not.toMatch(/Receive|Delete|\*/);
  }
});

it('executions are traced and logged at every level, without their data', () => {
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineType: 'STANDARD',
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    TracingConfiguration: { Enabled: true },
  });
});

it('failed executions are sent to a queue, and undeliverable events to its dead-letter queue', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        stateMachineArn: [{ Ref: Match.stringLikeRegexp('^OrderWorkflow') }],
      },
    },
    Targets: [
      {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EndedExecutionsQueue'), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EndedExecutionsDeadLetters'), 'Arn'] } },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    ],
  });
});

it('an HTTPS payment service replaces the ledger, and its key comes from one secret', () => {
  const payment = { provider: 'https', url: 'https://payments.example.com/v1', secretArn };
  const of = synthesize({ 'order-workflow': { payment } }).template('OrderWorkflow');
  for (const name of ['ChargePayment', 'RefundPayment']) {
    expect(granted(`${name}Role`, of)).toContain(`secretsmanager:GetSecretValue on ${secretArn}`);
    expect(granted(`${name}Role`, of).join()).not.toContain('TablesPayments');
  }
  expect(granted('ChargePaymentRole').join()).not.toContain('secretsmanager');
});

it('with a sender, emails may be sent from its address only: recipients and configuration sets are any', () => {
  const of = synthesize({ 'order-workflow': { senderEmail: 'shop@example.com' } }).template('OrderWorkflow');
  const policies = Object.values(of.findResources('AWS::IAM::Policy')) as {
    Properties: { PolicyDocument: { Statement: object[] } };
  }[];
  const email = policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter((statement) => JSON.stringify(statement).includes('ses:SendEmail'));
  expect(email).toMatchObject([{ Condition: { StringEquals: { 'ses:FromAddress': 'shop@example.com' } } }]);
  for (const resource of [':identity/*', ':configuration-set/*']) expect(JSON.stringify(email)).toContain(resource);
  expect(granted('SendConfirmationRole', of).join()).not.toContain('sns:Publish');
});

it('with an HTTPS payment service, charges stop before the service forgets the first attempt', () => {
  const environmentOf = (payment: object) => {
    const of = synthesize({ 'order-workflow': { payment } }).template('OrderWorkflow');
    const found = of.findResources('AWS::Lambda::Function', { Properties: { Description: 'Charges an order once' } });
    const [charge] = Object.values(found) as { Properties: { Environment: { Variables: Record<string, string> } } }[];
    return charge?.Properties.Environment.Variables;
  };
  const https = { provider: 'https', url: 'https://payments.example.com/v1', secretArn, idempotencySeconds: 172_800 };
  expect(environmentOf(https)).toMatchObject({ CHARGE_WINDOW_SECONDS: '172785' });
  expect(environmentOf({ provider: 'sandbox' })).not.toHaveProperty('CHARGE_WINDOW_SECONDS');
});

it('with a customer managed key for the secret, the functions of payments may decrypt with it', () => {
  const secretKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const payment = { provider: 'https', url: 'https://payments.example.com/v1', secretArn, secretKeyArn };
  const of = synthesize({ 'order-workflow': { payment } }).template('OrderWorkflow');
  for (const name of ['ChargePayment', 'RefundPayment']) {
    expect(granted(`${name}Role`, of)).toContain(`kms:Decrypt on ${secretKeyArn}`);
  }
  expect(granted('UpdateInventoryRole', of).join()).not.toContain('kms:');
});

it('the role of the state machine trusts its own account alone', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Principal: { Service: 'states.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    },
  });
});

it('the log group of the state machine is under /aws/vendedlogs/, outside the limit of resource policies', () => {
  const groups = Object.values(template.findResources('AWS::Logs::LogGroup')).map((group) => JSON.stringify(group));
  expect(groups.filter((group) => group.includes('/aws/vendedlogs/states/'))).toHaveLength(1);
});

it('RequestApproval may send an earlier decision to the state machine, by a policy that the function does not wait for', () => {
  const policies = template.findResources('AWS::IAM::Policy') as Record<
    string,
    { Properties: { Roles: { Ref: string }[] } }
  >;
  const sending = Object.entries(policies).filter(([, policy]) =>
    JSON.stringify(policy).includes('states:SendTaskSuccess'),
  );
  const roles = sending.map(([id, { Properties }]) => [
    id.slice(0, 12),
    Properties.Roles.map(({ Ref }) => Ref.slice(0, 11)),
  ]);
  expect(roles).toContainEqual(['SendEarlierD', ['RequestAppr']]);
});

it.each([
  ['sandbox', {}, 0],
  ['prod', {}, 1],
  ['sandbox', { dashboard: true }, 1],
])('%s with %j has %i dashboards', (stage, settings, count) => {
  synthesize({ stage, 'order-workflow': settings })
    .template('OrderWorkflow')
    .resourceCountIs('AWS::CloudWatch::Dashboard', count);
});

it('has exactly the outputs that other systems use', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'AlarmTopicArn',
    'ApprovalsTopicArn',
    'ConfirmationsTopicArn',
    'DecideApprovalFunctionName',
    'EndedExecutionsDeadLettersUrl',
    'EndedExecutionsQueueUrl',
    'EventBusName',
    'InventoryTableName',
    'OrderStateMachineArn',
    'OrdersTableName',
    'PaymentsTableName',
    'ReceiveOrderFunctionName',
    'RefundPaymentFunctionName',
    'SendConfirmationFunctionName',
    'UpdateInventoryFunctionName',
  ]);
});

templatesChangeOnlyOnPurpose('OrderWorkflow', [{ stage: 'prod' }]);
