import { metricNamespace } from '../../lib/constructs/service-metric';
import { stackName } from '../../lib/stack-name';
import { readRunbook, runbookLink } from '../../scenarios/shared/runbook-entries';
import { asArray, at, isCdkProvider, ofType, references, type Rule, type Subject } from './rule';

/** Queues by stack and construct id that raise no alarm, each with its reason. */
const quietQueues: Readonly<Record<string, RegExp>> = {
  // Events whose photo S3 did not have: most were deleted for good in the meantime, and a redrive finds the others.
  'image-resize': /^NotFound[0-9A-F]{8}$/,
};

/** Value of the dimension `service` of what a stack publishes. */
function serviceOf({ id, stage }: Subject): string {
  return stackName(id, stage);
}

/** Service under which each function publishes, and that each alarm and each graph of a dashboard reads. */
function publishedServices(subject: Subject): [id: string, service: unknown][] {
  const publishers = ofType(subject, 'AWS::Lambda::Function')
    .filter(({ id }) => !isCdkProvider(id))
    .map(({ id, properties }): [string, unknown] => [
      id,
      at(properties, 'Environment', 'Variables', 'POWERTOOLS_SERVICE_NAME'),
    ]);
  const alarms = ofType(subject, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) =>
    [properties, ...asArray(properties['Metrics']).map((one) => at(one, 'MetricStat', 'Metric'))]
      .filter((metric) => at(metric, 'Namespace') === metricNamespace)
      .map((metric): [string, unknown] => {
        const service = asArray(at(metric, 'Dimensions')).find((dimension) => at(dimension, 'Name') === 'service');
        return [id, at(service, 'Value')];
      }),
  );
  const graphs = ofType(subject, 'AWS::CloudWatch::Dashboard').flatMap(({ id, properties }) => {
    // Text of JSON with references in between, whose quotation marks are escaped here.
    const body = JSON.stringify(properties['DashboardBody']).replaceAll('\\"', '"');
    return body
      .split(`"${metricNamespace}"`)
      .slice(1)
      .map((rest): [string, unknown] => [id, /^,"\w+",.*?"service","([^"]*)"/.exec(rest)?.[1]]);
  });
  return [...publishers, ...alarms, ...graphs];
}

export const alarmRules: readonly Rule[] = [
  {
    promise: 'every alarm watches a resource of its own template',
    breaches: (subject) =>
      ofType(subject, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
        const dimensions = asArray(properties['Dimensions']);
        const metrics = asArray(properties['Metrics']);
        if (dimensions.length === 0 && metrics.length === 0) return [`${id} names no dimension`];
        const watched = [properties, ...metrics.map((one) => at(one, 'MetricStat', 'Metric'))];
        return watched.flatMap((metric) => {
          const values = asArray(at(metric, 'Dimensions')).map((dimension) => at(dimension, 'Value'));
          // A metric of our own has its service as a dimension, besides one for a resource of the template.
          const isOwn = at(metric, 'Namespace') === metricNamespace;
          const named = values.filter((value) => !(isOwn && value === serviceOf(subject)));
          if (isOwn && named.length === 0) return [`${id} names no dimension but its service`];
          return named.flatMap((value) => {
            // API Gateway's metrics name an API and a stage by their names, which are no references.
            const apis = ofType(subject, 'AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Stage');
            const isNamed = apis.some(({ properties: { Name, StageName } }) => value === (Name ?? StageName));
            if (isNamed) return [];
            const known = references(value).filter((one) => subject.resources.has(one));
            return known.length > 0 ? [] : [`${id} watches ${JSON.stringify(value)}, which is not in the template`];
          });
        });
      }),
  },
  {
    promise:
      'every metric that functions publish has its stack as the service, so that stages in one account do not add up',
    breaches: (subject) => {
      const service = serviceOf(subject);
      return publishedServices(subject)
        .filter(([, named]) => named !== service)
        .map(
          ([id, named]) =>
            `${id} has the service ${named === undefined ? 'undefined' : JSON.stringify(named)}, not ${service}`,
        );
    },
  },
  {
    promise: 'every alarm notifies the topic and links to its entry in the runbook',
    breaches: (subject) =>
      ofType(subject, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
        const notified = asArray(properties['AlarmActions']).flatMap(references);
        const link = runbookLink(String(properties['AlarmDescription']));
        const isThere =
          link?.slug === subject.slug && readRunbook(subject.slug).some(({ anchor }) => anchor === link.anchor);
        return [
          ...(notified.some((one) => subject.resources.get(one)?.Type === 'AWS::SNS::Topic')
            ? []
            : [`${id} notifies no topic`]),
          ...(isThere
            ? []
            : [`${id} links to '${link?.anchor ?? ''}', which docs/runbook/${subject.slug}.md does not have`]),
        ];
      }),
  },
  {
    promise: 'CloudWatch may publish to every alarm topic, which has a customer key in prod',
    breaches: (subject) => {
      const topics = new Set(
        ofType(subject, 'AWS::CloudWatch::Alarm').flatMap(({ properties }) =>
          asArray(properties['AlarmActions']).flatMap(references),
        ),
      );
      return [...topics].flatMap((topic) => {
        const allowed = ofType(subject, 'AWS::SNS::TopicPolicy')
          .filter(({ properties }) => references(properties['Topics']).includes(topic))
          .flatMap(({ properties }) => asArray(at(properties, 'PolicyDocument', 'Statement')))
          .some(
            (statement) =>
              at(statement, 'Effect') === 'Allow' &&
              at(statement, 'Principal', 'Service') === 'cloudwatch.amazonaws.com' &&
              at(statement, 'Condition', 'StringEquals', 'aws:SourceAccount') !== undefined,
          );
        const key = subject.resources.get(topic)?.Properties?.['KmsMasterKeyId'];
        return [
          ...(allowed ? [] : [`${topic} does not allow CloudWatch to publish`]),
          ...(subject.stage === 'prod' && references(key).length === 0 ? [`${topic} has no customer key`] : []),
        ];
      });
    },
  },
  {
    promise: 'every alarm looks back seven days at most, and one day with a period below an hour',
    breaches: (subject) =>
      ofType(subject, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        const period = Number(properties['Period'] ?? 0);
        const range = period * Number(properties['EvaluationPeriods'] ?? 1);
        const limit = period < 3_600 ? 86_400 : 604_800;
        return range <= limit ? [] : [`${id} looks back ${range} s, not ${limit} s at most`];
      }),
  },
  {
    promise:
      'every queue of failed work has an alarm on visible messages at once and one after days, and none on their age',
    breaches: (subject) =>
      ofType(subject, 'AWS::SQS::Queue')
        .filter(({ properties }) => properties['RedrivePolicy'] === undefined)
        .filter(({ id }) => quietQueues[subject.slug]?.test(id) !== true)
        .flatMap(({ id }) => {
          const alarms = ofType(subject, 'AWS::CloudWatch::Alarm')
            .map(({ properties }) => properties)
            .filter((alarm) => references(alarm['Dimensions']).includes(id));
          const visible = alarms.filter((alarm) => alarm['MetricName'] === 'ApproximateNumberOfMessagesVisible');
          const ranges = visible.map((alarm) => Number(alarm['Period']) * Number(alarm['EvaluationPeriods']));
          // Leaves out messages that were received three times, and counts from the move while expiry counts from the send:
          // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
          const byAge = alarms.some((alarm) => alarm['MetricName'] === 'ApproximateAgeOfOldestMessage');
          return [
            ...(ranges.some((range) => range <= 300) ? [] : [`${id} has no alarm on its first message`]),
            ...(ranges.some((range) => range >= 3 * 86_400)
              ? []
              : [`${id} has no alarm on messages that wait for days`]),
            ...(byAge ? [`${id} has an alarm on the age of its messages`] : []),
          ];
        }),
  },
  {
    promise: 'every stack has the alarm topic as an output',
    breaches: (subject) => (subject.outputs.has('AlarmTopicArn') ? [] : [`${subject.id} has no output AlarmTopicArn`]),
  },
];
