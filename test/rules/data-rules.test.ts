import { dataRules } from './data-rules';
import { changed, extended, testRules } from './sound-template';

testRules(dataRules, [
  [
    /data is kept/,
    changed('AWS::S3::Bucket', (_, r) => Object.assign(r, { DeletionPolicy: 'Delete' })),
    /has Delete and/,
  ],
  [
    /data is kept/,
    changed('AWS::SQS::Queue', (_, r) => Object.assign(r, { DeletionPolicy: 'Retain' })),
    /has Retain and Retain, not RetainExceptOnCreate and Retain/,
  ],
  [
    /data is kept/,
    extended({ D: { Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' } }),
    /not Snapshot and Snapshot/,
  ],
  [
    /plain HTTP/,
    changed('AWS::S3::BucketPolicy', (p) => Object.assign(p, { PolicyDocument: {} })),
    /does not refuse plain HTTP/,
  ],
  [/plain HTTP/, changed('AWS::S3::Bucket', (p) => delete p['LifecycleConfiguration']), /does not forget old versions/],
  [/queue states/, changed('AWS::SQS::Queue', (p) => delete p['MessageRetentionPeriod']), /states no retention/],
  [
    /queue states/,
    changed('AWS::SQS::Queue', (p) => Object.assign(p, { MessageRetentionPeriod: 60 })),
    /60 s, not 14 days/,
  ],
  [
    /point-in-time/,
    extended({ T: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { Replicas: [{}] } } }),
    /no point-in-time/,
  ],
  [
    /deletion is protected/,
    extended({ T: { Type: 'AWS::DynamoDB::Table', Properties: { DeletionProtectionEnabled: true } } }),
    /T \(AWS::DynamoDB::Table\) blocks the rollback/,
  ],
  [/physical name/, changed('AWS::S3::Bucket', (p) => Object.assign(p, { BucketName: 'mine' })), /has BucketName mine/],
  [/taggable/, changed('AWS::SQS::Queue', (p) => delete p['Tags']), /not tagged architecture=image-resize/],
]);
