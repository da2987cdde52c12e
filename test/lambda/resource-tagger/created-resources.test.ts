import { creationKindOf, creationKinds } from '../../../lambda/resource-tagger/created-resources';

const call = { awsRegion: 'eu-west-1', account: '111122223333' };
const here = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`;

/**
 * Sources of forms. All others were compared with records of an account (eventVersion 1.08):
 * https://github.com/wwalpha/aws-spotlight/tree/c3a7d20/backend/cloudtrail/test/services
 */
const otherSources: Readonly<Record<string, string>> = {
  'kms CreateKey': 'https://docs.aws.amazon.com/kms/latest/developerguide/ct-createkey.html',
  'ec2 CopyImage': 'https://github.com/GorillaStack/auto-tag/blob/HEAD/src/workers/autotag_ami_worker.js',
  'ec2 CreateNetworkInterface': 'https://github.com/GorillaStack/auto-tag/blob/HEAD/src/workers/autotag_eni_worker.js',
  'ec2 CreateKeyPair':
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html#cloudtrail-log-file-examples-ec2',
  // Classic Load Balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ELB-API-Logs.html
};

/** Parts of records in the form of their source, and the ARNs in them. */
const records: readonly [service: string, name: string, request: object, response: object | null, arns: string[]][] = [
  [
    'ec2',
    'RunInstances',
    { networkInterfaceSet: { items: [{ deviceIndex: 1, networkInterfaceId: 'eni-old' }] } },
    {
      reservationId: 'r-1',
      instancesSet: {
        items: [
          {
            instanceId: 'i-1',
            networkInterfaceSet: { items: [{ networkInterfaceId: 'eni-1' }, { networkInterfaceId: 'eni-old' }] },
          },
          { instanceId: 'i-2', networkInterfaceSet: {} },
        ],
      },
    },
    [here('ec2', 'instance/i-1'), here('ec2', 'instance/i-2'), here('ec2', 'network-interface/eni-1')],
  ],
  ['ec2', 'CreateVolume', { size: '8' }, { volumeId: 'vol-1', status: 'creating' }, [here('ec2', 'volume/vol-1')]],
  ['ec2', 'CreateSnapshot', {}, { snapshotId: 'snap-1' }, ['arn:aws:ec2:eu-west-1::snapshot/snap-1']],
  ['ec2', 'CopySnapshot', {}, { snapshotId: 'snap-2' }, ['arn:aws:ec2:eu-west-1::snapshot/snap-2']],
  ['ec2', 'CreateImage', {}, { imageId: 'ami-1' }, ['arn:aws:ec2:eu-west-1::image/ami-1']],
  ['ec2', 'CopyImage', {}, { imageId: 'ami-2' }, ['arn:aws:ec2:eu-west-1::image/ami-2']],
  ['ec2', 'AllocateAddress', {}, { allocationId: 'eipalloc-1' }, [here('ec2', 'elastic-ip/eipalloc-1')]],
  ['ec2', 'CreateSecurityGroup', {}, { groupId: 'sg-1', _return: true }, [here('ec2', 'security-group/sg-1')]],
  ['ec2', 'CreateKeyPair', {}, { requestId: 'r', keyName: 'k', keyPairId: 'key-1' }, [here('ec2', 'key-pair/key-1')]],
  [
    'ec2',
    'CreateNetworkInterface',
    {},
    { networkInterface: { networkInterfaceId: 'eni-2' } },
    [here('ec2', 'network-interface/eni-2')],
  ],
  ['ec2', 'CreateVpc', {}, { vpc: { vpcId: 'vpc-1' } }, [here('ec2', 'vpc/vpc-1')]],
  ['ec2', 'CreateSubnet', {}, { subnet: { subnetId: 'subnet-1' } }, [here('ec2', 'subnet/subnet-1')]],
  ['ec2', 'CreateRouteTable', {}, { routeTable: { routeTableId: 'rtb-1' } }, [here('ec2', 'route-table/rtb-1')]],
  [
    'ec2',
    'CreateInternetGateway',
    {},
    { internetGateway: { internetGatewayId: 'igw-1' } },
    [here('ec2', 'internet-gateway/igw-1')],
  ],
  [
    'ec2',
    'CreateNatGateway',
    {},
    { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1' } } },
    [here('ec2', 'natgateway/nat-1')],
  ],
  [
    'ec2',
    'CreateVpcEndpoint',
    {},
    { CreateVpcEndpointResponse: { vpcEndpoint: { vpcEndpointId: 'vpce-1' } } },
    [here('ec2', 'vpc-endpoint/vpce-1')],
  ],
  [
    'ec2',
    'CreateLaunchTemplate',
    {},
    { CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateId: 'lt-1' } } },
    [here('ec2', 'launch-template/lt-1')],
  ],
  ['s3', 'CreateBucket', { bucketName: 'photos' }, null, ['arn:aws:s3:::photos']],
  [
    'lambda',
    'CreateFunction20150331',
    { functionName: 'f' },
    { functionArn: here('lambda', 'function:f') },
    [here('lambda', 'function:f')],
  ],
  [
    'dynamodb',
    'CreateTable',
    {},
    { tableDescription: { tableArn: here('dynamodb', 'table/t') } },
    [here('dynamodb', 'table/t')],
  ],
  ['sqs', 'CreateQueue', {}, { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/q' }, [here('sqs', 'q')]],
  ['sns', 'CreateTopic', { name: 't' }, { topicArn: here('sns', 't') }, [here('sns', 't')]],
  ['rds', 'CreateDBInstance', {}, { dBInstanceArn: here('rds', 'db:d') }, [here('rds', 'db:d')]],
  ['rds', 'CreateDBCluster', {}, { dBClusterArn: here('rds', 'cluster:c') }, [here('rds', 'cluster:c')]],
  ['logs', 'CreateLogGroup', { logGroupName: '/app/web' }, null, [here('logs', 'log-group:/app/web')]],
  [
    'states',
    'CreateStateMachine',
    {},
    { stateMachineArn: here('states', 'stateMachine:m') },
    [here('states', 'stateMachine:m')],
  ],
  ['kms', 'CreateKey', {}, { keyMetadata: { arn: here('kms', 'key/1') } }, [here('kms', 'key/1')]],
  [
    'ecr',
    'CreateRepository',
    {},
    { repository: { repositoryArn: here('ecr', 'repository/r') } },
    [here('ecr', 'repository/r')],
  ],
  ['ecs', 'CreateCluster', {}, { cluster: { clusterArn: here('ecs', 'cluster/c') } }, [here('ecs', 'cluster/c')]],
  ['eks', 'CreateCluster', {}, { cluster: { arn: here('eks', 'cluster/c') } }, [here('eks', 'cluster/c')]],
  [
    'elasticloadbalancing',
    'CreateLoadBalancer',
    {},
    { loadBalancers: [{ loadBalancerArn: here('elasticloadbalancing', 'loadbalancer/app/l/1') }] },
    [here('elasticloadbalancing', 'loadbalancer/app/l/1')],
  ],
  [
    'elasticloadbalancing',
    'CreateLoadBalancer',
    { loadBalancerName: 'classic', subnets: ['subnet-1'] },
    { dNSName: 'classic-1.elb.amazonaws.com' },
    [here('elasticloadbalancing', 'loadbalancer/classic')],
  ],
  ['kinesis', 'CreateStream', { streamName: 's', shardCount: 1 }, null, [here('kinesis', 'stream/s')]],
];

it.each(records)(
  '%s %s: the record names what was created',
  (service, eventName, requestParameters, responseElements, arns) => {
    const record = { ...call, eventSource: `${service}.amazonaws.com`, eventName, requestParameters, responseElements };
    expect(creationKindOf(record)?.arns(record)).toEqual(arns);
  },
);

it('every call of the table is tried here', () => {
  const tried = records.map(([service, eventName]) => `${service}.amazonaws.com ${eventName}`);
  const known = Object.entries(creationKinds).flatMap(([source, calls]) =>
    Object.keys(calls).map((name) => `${source} ${name}`),
  );
  expect([...new Set(tried)].sort()).toEqual(known.sort());
  expect(known.length).toBeGreaterThanOrEqual(20);
});

it('a source is named for no call that is not tried', () => {
  const calls = records.map(([service, name]) => `${service} ${name}`);
  expect(Object.keys(otherSources).filter((call) => !calls.includes(call))).toEqual([]);
});

it.each(records)('%s %s: a record without the answer names nothing', (service, eventName) => {
  const record = {
    ...call,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    requestParameters: null,
    responseElements: null,
  };
  expect(creationKindOf(record)?.arns(record)).toEqual([]);
});

it.each([
  ['ec2.amazonaws.com', 'DescribeInstances'],
  ['iam.amazonaws.com', 'CreateUser'],
  ['constructor', 'name'],
  ['ec2.amazonaws.com', 'toString'],
])('%s %s creates nothing that is tagged', (eventSource, eventName) => {
  expect(creationKindOf({ eventSource, eventName })).toBeUndefined();
});

it('ARNs are those of the partition', () => {
  const record = {
    eventSource: 's3.amazonaws.com',
    eventName: 'CreateBucket',
    account: '1',
    requestParameters: { bucketName: 'b' },
    responseElements: null,
  };
  const arnIn = (awsRegion: string) => creationKindOf(record)?.arns({ ...record, awsRegion });
  expect(arnIn('cn-north-1')).toEqual(['arn:aws-cn:s3:::b']);
  expect(arnIn('us-gov-west-1')).toEqual(['arn:aws-us-gov:s3:::b']);
});
