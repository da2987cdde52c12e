import { readRunbook, runbookLink } from '../../scenarios/shared/runbook-entries';
import { asArray, at, ofType, references, type Rule } from './rule';

/** Where functions write metrics of their own. */
const ownNamespace = 'ServerlessReferenceArchitectures';

export const alarmRules: readonly Rule[] = [
  {
    promise: 'every alarm watches a resource of its own template',
    breaches: (subject) =>
      ofType(subject, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
        const dimensions = asArray(properties['Dimensions']);
        const metrics = asArray(properties['Metrics']);
        if (dimensions.length === 0 && metrics.length === 0) return [`${id} names no dimension`];
        const values = [
          ...dimensions.map((dimension) => at(dimension, 'Value')),
          ...metrics
            .flatMap((one) => asArray(at(one, 'MetricStat', 'Metric', 'Dimensions')))
            .map((one) => at(one, 'Value')),
        ];
        // A metric of our own carries the name of its service, which no resource has, beside a resource of the template.
        const isOwn = properties['Namespace'] === ownNamespace;
        const named = values.filter((value) => !(isOwn && value === subject.slug));
        if (isOwn && named.length === 0) return [`${id} names no dimension but its service`];
        return named.flatMap((value) => {
          const known = references(value).filter((one) => subject.resources.has(one));
          return known.length > 0 ? [] : [`${id} watches ${JSON.stringify(value)}, which is not in the template`];
        });
      }),
  },
  {
    promise: 'every alarm tells the topic and names its heading in the runbook',
    breaches: (subject) =>
      ofType(subject, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
        const told = asArray(properties['AlarmActions']).flatMap(references);
        const link = runbookLink(String(properties['AlarmDescription']));
        const isThere =
          link?.slug === subject.slug && readRunbook(subject.slug).some(({ anchor }) => anchor === link.anchor);
        return [
          ...(told.some((one) => subject.resources.get(one)?.Type === 'AWS::SNS::Topic') ? [] : [`${id} tells nobody`]),
          ...(isThere
            ? []
            : [`${id} links to '${link?.anchor ?? ''}', which docs/runbook/${subject.slug}.md does not have`]),
        ];
      }),
  },
  {
    promise: 'CloudWatch may publish to every topic that alarms name, with a key of its own in prod',
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
          ...(subject.stage === 'prod' && references(key).length === 0 ? [`${topic} has no key of its own`] : []),
        ];
      });
    },
  },
  {
    promise: 'every stack says where its alarms go',
    breaches: (subject) => (subject.outputs.has('AlarmTopicArn') ? [] : [`${subject.id} has no output AlarmTopicArn`]),
  },
];
