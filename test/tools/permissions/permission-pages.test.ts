import { permissionPages, type PermissionsOfArchitecture } from '../../../tools/permissions/permission-pages';
import { withChanges } from '../../../tools/permissions/recorded-permissions';

const statement = (...actions: string[]) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: { 'Fn::GetAtt': ['Backup', 'Arn'] },
});
const template = {
  Resources: {
    Backup: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'Stack/Buckets/Backup/Resource' } },
    Copy: {
      Type: 'AWS::Lambda::Function',
      Metadata: { 'aws:cdk:path': 'Stack/Copy/Function/Resource' },
      Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: {
          Statement: [statement('s3:GetObject', 's3:ListBucket', 's3:PutObject', 'logs:PutLogEvents')],
        },
      },
    },
  },
};
const key = (action: string): string => `Copy | ${action} | Buckets/Backup`;
const architecture: PermissionsOfArchitecture = {
  ...{ slug: 'backup', template },
  recorded: {
    [key('s3:GetObject')]: { usedBy: ['GetObject', 'HeadObject'], noticedBy: 'smoke-test' },
    [key('s3:ListBucket')]: { usedBy: ['GetMissingObject'] },
    [key('s3:PutObject')]: { usedBy: ['a|b'] },
  },
  acceptedUnused: [
    {
      ...{ function: 'Copy', action: 's3:ListBucket', despite: 'no failure' },
      reason: 'nothing is ever missing here',
    },
  ],
};

it('each row ends in the check that notices, the reason why none does, or a dash', () => {
  const page = permissionPages([architecture]).get('docs/permissions/backup.md') ?? '';
  expect(page.split('\n').filter((line) => line.startsWith('| Copy'))).toEqual([
    '| Copy | logs:PutLogEvents | Buckets/Backup | by the service | Lambda writes the log | – |',
    '| Copy | s3:GetObject | Buckets/Backup | used | GetObject, HeadObject | smoke-test |',
    '| Copy | s3:ListBucket | Buckets/Backup | used | GetMissingObject | nothing: nothing is ever missing here |',
    '| Copy | s3:PutObject | Buckets/Backup | used | a\\|b | not known |',
  ]);
});

it('new findings replace recorded ones, and permissions that are granted no longer are dropped', () => {
  const recorded = {
    [key('a:Kept')]: { noticedBy: 'smoke-test' },
    [key('a:Lost')]: { noticedBy: 'smoke-test' },
    [key('a:Gone')]: { noticedBy: 'smoke-test' },
  };
  const found = new Map([
    [key('a:New'), 'proof'],
    [key('a:Lost'), undefined],
  ]);
  const granted = [key('a:New'), key('a:Kept'), key('a:Lost')];
  const change = (one: string) => (found.has(one) ? { noticedBy: found.get(one) } : undefined);
  expect(withChanges(recorded, granted, change)).toEqual({
    [key('a:New')]: { noticedBy: 'proof' },
    [key('a:Kept')]: { noticedBy: 'smoke-test' },
  });
});
