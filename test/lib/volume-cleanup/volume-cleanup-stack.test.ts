import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const template = synthesize().template('VolumeCleanup');
const statements = (
  Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: { PolicyDocument: { Statement: Statement[] } };
  }[]
).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
const about = (action: string): Statement[] => statements.filter(({ Action }) => [Action].flat().includes(action));

it('FindCandidates may delete volumes, but none with an exempt tag', () => {
  const [allowed, ...denied] = about('ec2:DeleteVolume');
  expect(allowed?.Effect).toBe('Allow');
  expect(JSON.stringify(allowed?.Resource)).toContain(':volume/*');
  expect(denied).toEqual(
    ['volume-cleanup:keep', 'aws:cloudformation:stack-name', 'kubernetes.io/created-for/pvc/name'].map((tag) => ({
      ...{ Action: 'ec2:DeleteVolume', Effect: 'Deny', Resource: '*' },
      Condition: { Null: { [`aws:ResourceTag/${tag}`]: 'false' } },
    })),
  );
});

it('FindCandidates deletes only snapshots that its stack has made, and tags only what it makes', () => {
  expect(about('ec2:DeleteSnapshot').map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'aws:ResourceTag/volume-cleanup:stack': 'VolumeCleanup' } },
  ]);
  expect(about('ec2:CreateTags').map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'ec2:CreateAction': 'CreateSnapshot' } },
  ]);
});

it('the stack makes a dry run unless a setting says otherwise', () => {
  const dryRun = (value: string) => ({ Environment: { Variables: { DRY_RUN: value } } });
  expect(JSON.stringify(template.findResources('AWS::Lambda::Function'))).toContain('"DRY_RUN":"true"');
  synthesize({ 'volume-cleanup': { dryRun: false } })
    .template('VolumeCleanup')
    .resourcePropertiesCountIs('AWS::Lambda::Function', { ...dryRun('false') }, 1);
});

templatesChangeOnlyOnPurpose('VolumeCleanup', [{ stage: 'prod' }]);
