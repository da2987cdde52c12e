import { functionRules } from './function-rules';
import { changed, extended, policy, ruleOf, testRules, type Resources } from './sound-template';

function mapping(properties: object, visibilityTimeout: number): Resources {
  return {
    Work: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: visibilityTimeout } },
    Worker: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 10 } },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] },
        FunctionName: { Ref: 'Worker' },
        MaximumBatchingWindowInSeconds: 5,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
        ...properties,
      },
    },
  };
}

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** A function with an alarm on its errors. */
function alarmed(Threshold: number): Resources {
  const Dimensions = [{ Name: 'FunctionName', Value: { Ref: 'Worker' } }];
  return {
    Worker: { Type: 'AWS::Lambda::Function', Properties: {} },
    Own: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions, Threshold },
    },
  };
}

/** A function behind a custom resource that may invoke the other one. */
const invokedByProvider: Resources = {
  Provider: { Type: 'AWS::Lambda::Function', Properties: { Role: arnOf('ProviderRole') } },
  Made: { Type: 'Custom::Made', Properties: { ServiceToken: arnOf('Provider') } },
  ...policy({ Action: 'lambda:InvokeFunction', Resource: arnOf('Worker') }, 'ProviderRole'),
};

testRules(functionRules, [
  [
    /4,096 bytes/,
    // A quotation mark inside a value is two bytes of the JSON text.
    changed('AWS::Lambda::Function', (p) => Object.assign(p, { Environment: { Variables: { A: '"'.repeat(2_050) } } })),
    /has 4108 bytes of environment/,
  ],
  [/Node 24/, changed('AWS::Lambda::Function', (p) => delete p['TracingConfig']), /lacks active tracing/],
  [/Node 24/, changed('AWS::Lambda::Function', (p) => Object.assign(p, { Runtime: 'nodejs20.x' })), /lacks Runtime/],
  [
    /credentials elsewhere/,
    changed('AWS::Lambda::Function', (p) => Object.assign(p, { SnapStart: { ApplyOn: 'PublishedVersions' } })),
    /has SnapStart/,
  ],
  [
    /logs of every function expire/,
    changed('AWS::Lambda::Function', (p) => delete p['LoggingConfig']),
    /writes to a log group that never expires/,
  ],
  [
    /retention, 365/,
    changed('AWS::Logs::LogGroup', (p) => Object.assign(p, { RetentionInDays: 30 })),
    /30 days, not 365/,
  ],
  [
    /alarms on its errors/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { MetricName: 'Other' })),
    /no alarm on Throttles/,
  ],
  [/alarms on its errors/, changed('AWS::CloudWatch::Alarm', (p) => delete p['Metrics']), /no alarm on Errors/],
  [/callers invoke/, extended(alarmed(3)), /Own counts malformed requests/],
  [
    /runs in deployments/,
    extended({ ...alarmed(3), Made: { Type: 'Custom::Made', Properties: { ServiceToken: arnOf('Worker') } } }),
    /Own is raised at 3 errors of Worker, not at the first one/,
  ],
  [
    /runs in deployments/,
    extended({ ...alarmed(3), ...invokedByProvider }),
    /Own is raised at 3 errors of Worker, not at the first one/,
  ],
  [
    /alarms on its errors/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { Threshold: 60_000 })),
    /after the timeout/,
  ],
  [
    /invoked asynchronously/,
    changed('AWS::Lambda::EventInvokeConfig', (p) => delete p['DestinationConfig']),
    /no OnFailure/,
  ],
  [/partial batch/, extended(mapping({ FunctionResponseTypes: [] }, 65)), /does not report/],
  [/partial batch/, extended(mapping({ ScalingConfig: {} }, 65)), /no maximum concurrency/],
  [/partial batch/, extended(mapping({}, 64)), /hides messages 64 s, not 65 s/],
]);

it('a queue mapping that keeps every promise breaks none', async () => {
  expect(await ruleOf(functionRules, /partial batch/).breaches(extended(mapping({}, 65)))).toEqual([]);
});
