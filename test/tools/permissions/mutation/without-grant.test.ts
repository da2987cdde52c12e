import { withoutGrant, type PolicyDocument } from '../../../../tools/permissions/mutation/without-grant';

const objects = (id: string) => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, '/*']] });
const written: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: [objects('Source'), objects('Backup')] },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Failures', 'Arn'] } },
    { Effect: 'Deny', Action: 's3:GetObject', Resource: objects('Source') },
  ],
};
const [source, backup, failures] = ['arn:aws:s3:::source-1/*', 'arn:aws:s3:::backup-1/*', 'arn:aws:sqs:r:0:failures'];
const reading = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: [source, backup] };
const sending = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: failures };
const denying = { Effect: 'Deny', Action: 's3:GetObject', Resource: source };
const deployed: PolicyDocument = { Version: '2012-10-17', Statement: [reading, sending, denying] };

it('removes one action on one resource, and keeps the other actions and resources', () => {
  expect(withoutGrant(deployed, written, { action: 's3:GetObject', resource: 'Source' })?.Statement).toEqual([
    { ...reading, Action: ['s3:PutObject'] },
    { ...reading, Action: ['s3:GetObject'], Resource: [backup] },
    sending,
    denying,
  ]);
});

it('removes a statement of which nothing is left, and so a policy', () => {
  const grant = { action: 'sqs:SendMessage', resource: 'Failures' };
  expect(withoutGrant(deployed, written, grant)?.Statement).toEqual([reading, denying]);
  const [, only] = written.Statement as PolicyDocument['Statement'][];
  expect(withoutGrant({ Statement: [sending] }, { Statement: only } as PolicyDocument, grant)).toBeUndefined();
});

it('an action on another resource removes nothing', () => {
  const grant = { action: 'sqs:SendMessage', resource: 'Orders' };
  expect(withoutGrant(deployed, written, grant)?.Statement).toEqual(deployed.Statement);
});

it('a deployed statement for * in place of several resources is removed whole', () => {
  const wide = { Statement: [{ Effect: 'Allow', Action: 'states:SendTaskSuccess', Resource: '*' }] };
  const narrow = {
    Statement: [{ Effect: 'Allow', Action: 'states:SendTaskSuccess', Resource: [{ Ref: 'One' }, { Ref: 'Two' }] }],
  };
  expect(withoutGrant(wide, narrow, { action: 'states:SendTaskSuccess', resource: 'One' })).toBeUndefined();
});

it('a policy that is not the deployed one is an error', () => {
  const grant = { action: 'sqs:SendMessage', resource: 'Failures' };
  expect(() => withoutGrant({ Statement: [] }, written, grant)).toThrow('has 0 statements');
});
