import { metricNamespace } from '../../lib/constructs/service-metric';
import { alarmRules } from './alarm-rules';
import { changed, extended, ruleOf, sound, subject, testRules, type Resources } from './sound-template';

/** Alarm on a metric that functions publish, with these values of its dimensions. */
function ownMetric(...values: unknown[]): Resources {
  const Dimensions = values.map((Value, index) => ({ Name: `dimension${index}`, Value }));
  const Properties = { Namespace: metricNamespace, MetricName: 'Copied', Dimensions };
  return { Own: { Type: 'AWS::CloudWatch::Alarm', Properties } };
}

function ownAlarm(service: string): Resources {
  const Dimensions = [
    { Name: 'bucket', Value: { Ref: uploadBucket } },
    { Name: 'service', Value: service },
  ];
  const Properties = { Namespace: metricNamespace, MetricName: 'Copied', Dimensions };
  return { Own: { Type: 'AWS::CloudWatch::Alarm', Properties } };
}

function ownGraph(service: string): Resources {
  const metrics = [[metricNamespace, 'Copied', 'bucket', 'mine', 'service', service, { stat: 'Sum' }]];
  const DashboardBody = { 'Fn::Join': ['', [JSON.stringify({ widgets: [{ properties: { metrics } }] })]] };
  return { Own: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } };
}

const uploadBucket = Object.keys(sound.Resources).find((id) => /^Upload[0-9A-F]{8}$/.test(id)) ?? '';

testRules(alarmRules, [
  [
    /own template/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { Dimensions: [{ Name: 'QueueName', Value: 'other' }] })),
    /not in the template/,
  ],
  [/own template/, changed('AWS::CloudWatch::Alarm', (p) => delete p['Dimensions']), /names no dimension/],
  [/own template/, extended(ownMetric('ImageResize-prod')), /names no dimension but its service/],
  [/own template/, extended(ownMetric('ImageResize-prod', 'a-bucket')), /"a-bucket", which is not in the template/],
  [
    /as the service/,
    changed('AWS::Lambda::Function', (p) =>
      Object.assign(p, { Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'image-resize' } } }),
    ),
    /ResizeImageFunction\w+ has the service "image-resize", not ImageResize-prod/,
  ],
  [/as the service/, changed('AWS::Lambda::Function', (p) => delete p['Environment']), /has the service undefined/],
  [/as the service/, extended(ownAlarm('ImageResize')), /Own has the service "ImageResize", not ImageResize-prod/],
  [/as the service/, extended(ownGraph('ImageResize')), /Own has the service "ImageResize", not ImageResize-prod/],
  [/notifies the topic/, changed('AWS::CloudWatch::Alarm', (p) => delete p['AlarmActions']), /notifies no topic/],
  [
    /notifies the topic/,
    changed('AWS::CloudWatch::Alarm', (p) =>
      Object.assign(p, { AlarmDescription: 'x docs/runbook/image-resize.md#none' }),
    ),
    /'none'/,
  ],
  [
    /may publish/,
    changed('AWS::SNS::TopicPolicy', (p) => Object.assign(p, { PolicyDocument: {} })),
    /does not allow CloudWatch/,
  ],
  [/may publish/, changed('AWS::SNS::Topic', (p) => delete p['KmsMasterKeyId']), /no customer key/],
  [
    /looks back/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { EvaluationPeriods: 2_000 })),
    /not 86400 s/,
  ],
  [
    /looks back/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { Period: 21_600, EvaluationPeriods: 29 })),
    /looks back 626400 s, not 604800 s at most/,
  ],
  [
    /failed work/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { MetricName: 'ApproximateAgeOfOldestMessage' })),
    /no alarm on its first message\n.*no alarm on messages that wait for days\n.*an alarm on the age/,
  ],
  [/alarm topic as an output/, subject(sound.Resources, {}), /no output AlarmTopicArn/],
]);

it('an alarm on a metric of our own names a resource of the template beside its service', async () => {
  const own = extended(ownMetric('ImageResize-prod', { Ref: uploadBucket }));
  expect(await ruleOf(alarmRules, /own template/).breaches(own)).toEqual([]);
});
