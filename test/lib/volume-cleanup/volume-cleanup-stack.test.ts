import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const template = synthesize().template('VolumeCleanup');
const aboutIn =
  (of: typeof template) =>
  (action: string): Statement[] =>
    (
      Object.values(of.findResources('AWS::IAM::Policy')) as {
        Properties: { PolicyDocument: { Statement: Statement[] } };
      }[]
    )
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes(action));
const about = aboutIn(template);
const full = synthesize({
  'volume-cleanup': { dryRun: false, otherKinds: [], releaseAddresses: true, recycleBinDays: 30 },
}).template('VolumeCleanup');

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
  full.resourcePropertiesCountIs('AWS::Lambda::Function', { ...dryRun('false') }, 1);
});

it('FindCandidates may release addresses by a setting alone, but none with an exempt tag', () => {
  expect(about('ec2:ReleaseAddress')).toEqual([]);
  const [allowed, ...denied] = aboutIn(full)('ec2:ReleaseAddress');
  expect(allowed?.Effect).toBe('Allow');
  expect(JSON.stringify(allowed?.Resource)).toContain(':elastic-ip/*');
  expect(denied).toHaveLength(3);
  expect(denied.every(({ Effect, Action }) => Effect === 'Deny' && Action.includes('ec2:DeleteVolume'))).toBe(true);
});

it('FindCandidates reads only the kinds that it reports or releases', () => {
  expect(about('ec2:DescribeInstances')).toHaveLength(1);
  expect(aboutIn(full)('ec2:DescribeInstances')).toEqual([]);
  expect(aboutIn(full)('ec2:DescribeImages')).toEqual([]);
  expect(aboutIn(full)('ec2:DescribeAddresses')).toHaveLength(1);
});

it('the Recycle Bin keeps snapshots of this stack and, for a week, volumes of the region, by setting', () => {
  template.resourceCountIs('AWS::Rbin::Rule', 0);
  const daysOf = (days: number) => ({ RetentionPeriodUnit: 'DAYS', RetentionPeriodValue: days });
  const ResourceTags = [{ ResourceTagKey: 'volume-cleanup:stack', ResourceTagValue: 'VolumeCleanup' }];
  full.hasResourceProperties('AWS::Rbin::Rule', {
    ResourceType: 'EBS_SNAPSHOT',
    ResourceTags,
    RetentionPeriod: daysOf(30),
  });
  full.hasResourceProperties('AWS::Rbin::Rule', { ResourceType: 'EBS_VOLUME', RetentionPeriod: daysOf(7) });
});

templatesChangeOnlyOnPurpose('VolumeCleanup', [{ stage: 'prod' }]);
