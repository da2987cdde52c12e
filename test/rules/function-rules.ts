import { environmentBytes } from '../../lib/constructs/environment-size';
import { asArray, at, isCdkProvider, ofType, references, type Json, type Rule, type Subject } from './rule';

function functions(subject: Subject) {
  return ofType(subject, 'AWS::Lambda::Function').filter(({ id }) => !isCdkProvider(id));
}

/** Alarms on the errors of a function: on Lambda's metric alone, or on what an expression leaves of it. */
function errorAlarms(subject: Subject, id: string): { id: string; threshold: number; expression: string }[] {
  return ofType(subject, 'AWS::CloudWatch::Alarm').flatMap((alarm) => {
    const { Metrics, Threshold, ...single } = alarm.properties;
    const metrics = [single, ...asArray(Metrics).map((one) => at(one, 'MetricStat', 'Metric'))];
    const isOfErrors = metrics.some(
      (metric) =>
        at(metric, 'Namespace') === 'AWS/Lambda' &&
        at(metric, 'MetricName') === 'Errors' &&
        references(at(metric, 'Dimensions')).includes(id),
    );
    if (!isOfErrors) return [];
    const expressions = asArray(Metrics).map((one) => at(one, 'Expression'));
    const expression = expressions.find((one) => typeof one === 'string') ?? '';
    return [{ id: alarm.id, threshold: Number(Threshold), expression }];
  });
}

/** Functions that the template lets a service or another function of it invoke. */
function invokedInTemplate(subject: Subject): Set<string> {
  const invoked = [
    // An alias is invoked by its own ARN, and has its function as a property.
    ...ofType(subject, 'AWS::Lambda::Permission', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Alias').map(
      ({ properties }) => properties['FunctionName'],
    ),
    // It answers HTTP, with a status for what the caller did wrong.
    ...ofType(subject, 'AWS::Lambda::Url').map(({ properties }) => properties['TargetFunctionArn']),
    ...[...subject.resources.values()].map((resource) => resource.Properties?.['ServiceToken']),
    ...ofType(subject, 'AWS::IAM::Policy').flatMap(({ properties }) => invocationsOf(properties)),
  ];
  return new Set(invoked.flatMap(references));
}

function invocationsOf(policyProperties: Json): unknown[] {
  return asArray(at(policyProperties, 'PolicyDocument', 'Statement'))
    .filter((statement) => asArray(at(statement, 'Action')).includes('lambda:InvokeFunction'))
    .map((statement) => at(statement, 'Resource'));
}

/** Functions that CloudFormation runs in a deployment, and those that these invoke. */
function runInDeployments(subject: Subject): Set<string> {
  const direct = [...subject.resources.values()]
    .flatMap((resource) => references(resource.Properties?.['ServiceToken']))
    .filter((id) => !isCdkProvider(id));
  const roles = direct.flatMap((id) => references(subject.resources.get(id)?.Properties?.['Role']));
  const invoked = ofType(subject, 'AWS::IAM::Policy')
    .filter(({ properties }) => references(properties['Roles']).some((role) => roles.includes(role)))
    .flatMap(({ properties }) => invocationsOf(properties).flatMap(references));
  return new Set([...direct, ...invoked].filter((id) => subject.resources.get(id)?.Type === 'AWS::Lambda::Function'));
}

export const functionRules: readonly Rule[] = [
  {
    promise: 'every function runs on Node 24 with a stated timeout, memory, JSON logs, traces and its own log group',
    breaches: (subject) =>
      functions(subject).flatMap(({ id, properties }) => {
        const expected: [string, boolean][] = [
          // Of an image, the base image decides: lambda/document-renderer/native/Dockerfile.
          ['Runtime nodejs24.x', properties['Runtime'] === 'nodejs24.x' || properties['PackageType'] === 'Image'],
          ['a Timeout', typeof properties['Timeout'] === 'number'],
          ['a MemorySize', typeof properties['MemorySize'] === 'number'],
          ['LogFormat JSON', at(properties, 'LoggingConfig', 'LogFormat') === 'JSON'],
          [
            'a log group of the stack',
            references(at(properties, 'LoggingConfig', 'LogGroup')).some((one) => subject.resources.has(one)),
          ],
          ['active tracing', at(properties, 'TracingConfig', 'Mode') === 'Active'],
        ];
        return expected.filter(([, kept]) => !kept).map(([what]) => `${id} lacks ${what}`);
      }),
  },
  {
    promise:
      'no function has its credentials elsewhere than in its environment, as with SnapStart or managed instances',
    breaches: (subject) =>
      functions(subject).flatMap(({ id, properties }) =>
        ['SnapStart', 'CapacityProviderConfig']
          .filter((property) => properties[property] !== undefined)
          .map((property) => `${id} has ${property}`),
      ),
  },
  {
    promise: 'the environment of every function has at most 4,096 bytes, counted as Lambda counts',
    breaches: (subject) =>
      functions(subject).flatMap(({ id, properties }) => {
        const bytes = environmentBytes(at(properties, 'Environment', 'Variables') ?? {});
        return bytes <= 4_096 ? [] : [`${id} has ${bytes} bytes of environment`];
      }),
  },
  {
    promise:
      "the logs of every function expire, also of CDK's own: each writes to a log group of the stack with a retention",
    breaches: (subject) =>
      ofType(subject, 'AWS::Lambda::Function').flatMap(({ id, properties }) => {
        const [group = ''] = references(at(properties, 'LoggingConfig', 'LogGroup'));
        const retention = subject.resources.get(group)?.Properties?.['RetentionInDays'];
        return typeof retention === 'number' ? [] : [`${id} writes to a log group that never expires`];
      }),
  },
  {
    promise: 'every log group states its retention, 365 days in prod',
    breaches: (subject) =>
      ofType(subject, 'AWS::Logs::LogGroup').flatMap(({ id, properties }) => {
        const days = properties['RetentionInDays'];
        const least = subject.stage === 'prod' ? 365 : 1;
        return typeof days === 'number' && days >= least ? [] : [`${id} keeps logs ${String(days)} days, not ${least}`];
      }),
  },
  {
    promise: 'every function has alarms on its errors, its throttles and a duration near its timeout',
    breaches: (subject) =>
      functions(subject).flatMap(({ id, properties }) => {
        const alarms = ofType(subject, 'AWS::CloudWatch::Alarm').filter(
          (alarm) => references(alarm.properties['Dimensions'])[0] === id,
        );
        const missing = ['Throttles', 'Duration'].filter(
          (metric) => !alarms.some((alarm) => alarm.properties['MetricName'] === metric),
        );
        if (errorAlarms(subject, id).length === 0) missing.unshift('Errors');
        const limit = Number(properties['Timeout']) * 1_000;
        const late = alarms.filter(
          (alarm) => alarm.properties['MetricName'] === 'Duration' && Number(alarm.properties['Threshold']) >= limit,
        );
        return [
          ...missing.map((metric) => `${id} has no alarm on ${metric}`),
          ...late.map((alarm) => `${alarm.id} is raised after the timeout of ${id}`),
        ];
      }),
  },
  {
    promise: 'no alarm on the errors of a function that callers invoke counts what they did wrong',
    breaches: (subject) => {
      const invoked = invokedInTemplate(subject);
      return functions(subject)
        .filter(({ id }) => !invoked.has(id))
        .flatMap(({ id }) => errorAlarms(subject, id))
        .filter(({ expression }) => expression !== 'errors - FILL(expected, 0)')
        .map(({ id }) => `${id} counts malformed requests: give the function expectedErrors`);
    },
  },
  {
    promise:
      'every function that runs in deployments has an alarm on its first error, since nothing repeats it for long',
    breaches: (subject) =>
      [...runInDeployments(subject)].flatMap((id) =>
        errorAlarms(subject, id)
          .filter(({ threshold }) => threshold !== 1)
          .map((alarm) => `${alarm.id} is raised at ${alarm.threshold} errors of ${id}, not at the first one`),
      ),
  },
  {
    promise: 'every function that is invoked asynchronously states retries, event age and failure destination',
    breaches: (subject) => {
      const asynchronous = ofType(subject, 'AWS::Lambda::Permission')
        .filter(({ properties }) =>
          ['s3.amazonaws.com', 'sns.amazonaws.com', 'events.amazonaws.com'].includes(String(properties['Principal'])),
        )
        .flatMap(({ properties }) => references(properties['FunctionName']));
      return [...new Set(asynchronous)].flatMap((id) => {
        const config = ofType(subject, 'AWS::Lambda::EventInvokeConfig').find(({ properties }) =>
          references(properties['FunctionName']).includes(id),
        )?.properties;
        const missing = ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'].filter(
          (key) => config?.[key] === undefined,
        );
        if (at(config, 'DestinationConfig', 'OnFailure', 'Destination') === undefined) missing.push('OnFailure');
        return missing.map((what) => `${id} is invoked asynchronously and states no ${what}`);
      });
    },
  },
  {
    promise:
      'every queue mapping reports partial batch failures, limits concurrency, and hides messages for six timeouts and the window',
    breaches: (subject) =>
      ofType(subject, 'AWS::Lambda::EventSourceMapping').flatMap(({ id, properties }) => {
        const queueId = references(properties['EventSourceArn'])[0] ?? '';
        const queue = subject.resources.get(queueId);
        if (queue?.Type !== 'AWS::SQS::Queue') return [];
        const target = subject.resources.get(references(properties['FunctionName'])[0] ?? '');
        const window = Number(properties['MaximumBatchingWindowInSeconds'] ?? 0);
        const least = 6 * Number(target?.Properties?.['Timeout']) + window;
        const visibility = Number(queue.Properties?.['VisibilityTimeout'] ?? 30);
        return [
          ...(asArray(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures')
            ? []
            : [`${id} does not report partial batch failures`]),
          ...(at(properties, 'ScalingConfig', 'MaximumConcurrency') === undefined
            ? [`${id} has no maximum concurrency`]
            : []),
          ...(visibility >= least ? [] : [`${queueId} hides messages ${visibility} s, not ${least} s`]),
        ];
      }),
  },
];
