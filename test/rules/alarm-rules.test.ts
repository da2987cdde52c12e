import { alarmRules } from './alarm-rules';
import { changed, extended, ruleOf, sound, subject, testRules, type Resources } from './sound-template';

/** Alarm on a metric that functions publish, with these values of its dimensions. */
function ownMetric(...values: unknown[]): Resources {
  const Dimensions = values.map((Value, index) => ({ Name: `dimension${index}`, Value }));
  const Properties = { Namespace: 'ServerlessReferenceArchitectures', MetricName: 'Copied', Dimensions };
  return { Own: { Type: 'AWS::CloudWatch::Alarm', Properties } };
}

const uploadBucket = Object.keys(sound.Resources).find((id) => /^Upload[0-9A-F]{8}$/.test(id)) ?? '';

testRules(alarmRules, [
  [
    /own template/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { Dimensions: [{ Name: 'QueueName', Value: 'other' }] })),
    /not in the template/,
  ],
  [/own template/, changed('AWS::CloudWatch::Alarm', (p) => delete p['Dimensions']), /names no dimension/],
  [/own template/, extended(ownMetric('image-resize')), /names no dimension but its service/],
  [/own template/, extended(ownMetric('image-resize', 'a-bucket')), /"a-bucket", which is not in the template/],
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
  const own = extended(ownMetric('image-resize', { Ref: uploadBucket }));
  expect(await ruleOf(alarmRules, /own template/).breaches(own)).toEqual([]);
});
