import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../synthesis';

const template = synthesize({ 'document-renderer': { packaging: 's3-files' } }).template('DocumentRenderer');

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const [renderDocument] = Object.values(template.findResources('AWS::Lambda::Function'))
  .map((one) => one as { Properties: Record<string, unknown>; DependsOn: string[] })
  .filter(({ Properties }) => Properties['Description'] === 'Renders a document and stores it');

it('RenderDocument has no layer, and the browser of the file system in a folder of its packages', () => {
  expect(renderDocument?.Properties).not.toHaveProperty('Layers');
  expect(renderDocument?.Properties).toMatchObject({
    FileSystemConfigs: [{ LocalMountPath: '/mnt/browser' }],
    Environment: { Variables: { CHROMIUM_FOLDER: expect.stringMatching(/^\/mnt\/browser\/[0-9a-f]{16}$/) as string } },
  });
});

it('the browser is in its bucket, and can be mounted in both zones, before RenderDocument is made', () => {
  const needed = [
    ...Object.keys(template.findResources('Custom::SeededBrowser')),
    ...Object.keys(template.findResources('AWS::S3Files::MountTarget')),
  ];
  expect(needed).toHaveLength(3);
  expect(renderDocument?.DependsOn).toEqual(expect.arrayContaining(needed));
});

it('RenderDocument may mount and read the files, and nobody but SeedBrowser and the file system may write them', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: { PolicyDocument: { Statement: Statement[] } };
  }[];
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const onFiles = statements
    .filter(({ Resource }) => /Mounted(Files|FileSystem)/.test(JSON.stringify(Resource)))
    .map(({ Action }) => Action);
  expect(onFiles).toEqual(
    expect.arrayContaining(['s3files:ClientMount', ['s3:GetObject', 's3:GetObjectVersion'], 's3:PutObject']),
  );
  expect(onFiles).toHaveLength(3);
  expect(JSON.stringify(template.toJSON())).not.toContain('s3files:ClientWrite');
});

it('the bucket is versioned and encrypted, and its role is for file systems of this account alone', () => {
  template.hasResourceProperties('AWS::S3Files::FileSystem', { Bucket: Match.anyValue(), RoleArn: Match.anyValue() });
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'elasticfilesystem.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: { 'aws:SourceArn': Match.anyValue() },
          },
        }),
      ],
    },
  });
  const buckets = Object.values(template.findResources('AWS::S3::Bucket'));
  for (const bucket of buckets) {
    expect(bucket).toMatchObject({
      Properties: { VersioningConfiguration: { Status: 'Enabled' }, BucketEncryption: expect.anything() as object },
    });
  }
});

it('the function reaches every service that it calls without a route to the internet', () => {
  const servicesWith = (settings: object): string[] =>
    Object.entries(
      synthesize({ 'document-renderer': { packaging: 's3-files', ...settings } })
        .template('DocumentRenderer')
        .findResources('AWS::EC2::VPCEndpoint'),
    )
      .filter(([id]) => id.startsWith('Mounted'))
      .map(([, one]) => /(s3|dynamodb|sqs|events|states)"/.exec(JSON.stringify(one))?.[1] ?? 'unknown')
      .sort();
  expect(servicesWith({})).toEqual(['dynamodb', 'events', 's3', 'sqs']);
  expect(servicesWith({ largeRenders: 'fargate' })).toEqual(['dynamodb', 'events', 's3', 'sqs', 'states']);
});

it('a container of large documents has the browser of its image', () => {
  const both = synthesize({ 'document-renderer': { packaging: 's3-files', largeRenders: 'fargate' } });
  both.template('DocumentRenderer').hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({ Environment: Match.arrayWith([{ Name: 'CHROMIUM_FOLDER', Value: '/opt/chromium' }]) }),
    ],
  });
});

it('S3 Files may do with the bucket and its own rules what AWS lists, and read other rules', () => {
  const roles = Object.values(template.findResources('AWS::IAM::Role')) as {
    Properties: { Policies?: { PolicyName: string; PolicyDocument: { Statement: Statement[] } }[] };
  }[];
  const [policy] = roles
    .flatMap(({ Properties }) => Properties.Policies ?? [])
    .filter(({ PolicyName }) => PolicyName === 'Synchronization');
  const granted = policy?.PolicyDocument.Statement.map(({ Action, Resource }) => ({
    actions: [Action].flat().map((one) => one.replace(/^(s3|events):(\w+)$/, '$2')),
    place: /DO-NOT-DELETE-S3-Files\*|rule\/\*|\/\*|\*/.exec(JSON.stringify(Resource))?.[0] ?? 'bucket',
  }));
  expect(granted?.map(({ place }) => place)).toEqual(['bucket', '/*', 'DO-NOT-DELETE-S3-Files*', 'rule/*', '*']);
  expect(granted?.map(({ actions }) => actions.join(' '))).toEqual([
    'ListBucket ListBucketVersions',
    expect.stringMatching(/^(?!.*(Acl|Torrent|Retention|LegalHold|\*)).*GetObject.*PutObject/) as string,
    'DeleteRule DisableRule EnableRule PutRule PutTargets RemoveTargets',
    'DescribeRule ListTargetsByRule',
    'ListRuleNamesByTarget ListRules',
  ]);
});
