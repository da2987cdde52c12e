/** Parts of a CloudTrail record that say what was created. */
export interface CreationCall {
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  /** Account that owns the resources. */
  readonly account: string;
  readonly requestParameters: unknown;
  readonly responseElements: unknown;
}

/** Creation that is tagged: the type of its resources for people, and their ARNs. */
export interface CreationKind {
  readonly type: string;
  /** Returns the ARNs of the created resources; none if the record lacks them. */
  readonly arns: (call: CreationCall) => string[];
}

/** Value at a path of a record, such as `vpc.vpcId`; `[]` goes through a list. */
function valuesAt(value: unknown, path: string): string[] {
  let values: unknown[] = [value];
  for (const part of path.split('.')) {
    const name = part.replace('[]', '');
    values = values.flatMap((one) => {
      const found: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, name) : undefined;
      return part.endsWith('[]') ? (Array.isArray(found) ? (found as unknown[]) : []) : [found];
    });
  }
  return values.filter((one): one is string => typeof one === 'string' && one !== '');
}

/** `arn:aws`, or that of the partitions in China and of the US government. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Builds the ARN of a resource of the call's region and account. */
export function arnOf(
  { awsRegion, account }: Pick<CreationCall, 'awsRegion' | 'account'>,
  service: string,
  resource: string,
): string {
  return `arn:${partitionOf(awsRegion)}:${service}:${awsRegion}:${account}:${resource}`;
}

/** The answer has the ARN. */
const answered = (type: string, path: string): CreationKind => ({
  type,
  arns: ({ responseElements }) => valuesAt(responseElements, path),
});

/** The answer has the id of a resource of EC2. */
const ec2 = (type: string, path: string): CreationKind => ({
  type: `EC2 ${type}`,
  arns: (call) => valuesAt(call.responseElements, path).map((id) => arnOf(call, 'ec2', `${type}/${id}`)),
});

/** ARNs of snapshots and images name no account, since they can be public. */
const shared = (type: string, path: string): CreationKind => ({
  type: `EC2 ${type}`,
  arns: ({ awsRegion, responseElements }) =>
    valuesAt(responseElements, path).map((id) => arnOf({ awsRegion, account: '' }, 'ec2', `${type}/${id}`)),
});

/** The request has the resource's name. */
const requested = (type: string, path: string, service: string, prefix: string): CreationKind => ({
  type,
  arns: (call) => valuesAt(call.requestParameters, path).map((name) => arnOf(call, service, `${prefix}${name}`)),
});

/** Interfaces that a launch attaches and did not create. */
export function namedInterfaces({ requestParameters }: CreationCall): Set<string> {
  return new Set(valuesAt(requestParameters, 'networkInterfaceSet.items[].networkInterfaceId'));
}

/** Token of a request to launch instances, by which they are known too. */
export function clientTokenOf({ requestParameters }: CreationCall): string | undefined {
  return valuesAt(requestParameters, 'clientToken')[0];
}

/** Instances that a launch created. */
export function launchedInstances({ responseElements }: CreationCall): string[] {
  return valuesAt(responseElements, 'instancesSet.items[].instanceId');
}

/** An instance comes with interfaces of its own, and with those that the request names, which somebody else created. */
const runInstances: CreationKind = {
  type: 'EC2 instance',
  arns: (call) => {
    const named = namedInterfaces(call);
    const interfaces = valuesAt(
      call.responseElements,
      'instancesSet.items[].networkInterfaceSet.items[].networkInterfaceId',
    ).filter((id) => !named.has(id));
    return [
      ...launchedInstances(call).map((id) => arnOf(call, 'ec2', `instance/${id}`)),
      ...interfaces.map((id) => arnOf(call, 'ec2', `network-interface/${id}`)),
    ];
  },
};

/** Buckets have ARNs without a region and an account. */
const bucket: CreationKind = {
  type: 'S3 bucket',
  arns: ({ requestParameters, awsRegion }) =>
    valuesAt(requestParameters, 'bucketName').map((name) => `arn:${partitionOf(awsRegion)}:s3:::${name}`),
};

/** Classic Load Balancers have the name of their call in common with the others; their record has a name, and no ARN. */
const loadBalancer: CreationKind = {
  type: 'load balancer',
  arns: (call) => {
    const answer = valuesAt(call.responseElements, 'loadBalancers[].loadBalancerArn');
    if (answer.length > 0 || call.responseElements === null) return answer;
    return valuesAt(call.requestParameters, 'loadBalancerName').map((name) =>
      arnOf(call, 'elasticloadbalancing', `loadbalancer/${name}`),
    );
  },
};

/** The answer has the queue's URL, which ends in account and name. */
const queue: CreationKind = {
  type: 'SQS queue',
  arns: (call) =>
    valuesAt(call.responseElements, 'queueUrl').flatMap((url) => {
      const [account, name] = url.split('/').slice(-2);
      return account === undefined || name === undefined ? [] : [arnOf({ ...call, account }, 'sqs', name)];
    }),
};

/**
 * Calls that create resources, by service and by name, with the places of the resources in their CloudTrail records.
 *
 * EC2's newer calls repeat their name in the answer, and Lambda's the version of its API.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const creationKinds: Readonly<Record<string, Readonly<Record<string, CreationKind>>>> = {
  'ec2.amazonaws.com': {
    RunInstances: runInstances,
    CreateVolume: ec2('volume', 'volumeId'),
    CreateSnapshot: shared('snapshot', 'snapshotId'),
    CopySnapshot: shared('snapshot', 'snapshotId'),
    CreateImage: shared('image', 'imageId'),
    CopyImage: shared('image', 'imageId'),
    AllocateAddress: ec2('elastic-ip', 'allocationId'),
    CreateSecurityGroup: ec2('security-group', 'groupId'),
    CreateKeyPair: ec2('key-pair', 'keyPairId'),
    CreateNetworkInterface: ec2('network-interface', 'networkInterface.networkInterfaceId'),
    CreateVpc: ec2('vpc', 'vpc.vpcId'),
    CreateSubnet: ec2('subnet', 'subnet.subnetId'),
    CreateRouteTable: ec2('route-table', 'routeTable.routeTableId'),
    CreateInternetGateway: ec2('internet-gateway', 'internetGateway.internetGatewayId'),
    CreateNatGateway: ec2('natgateway', 'CreateNatGatewayResponse.natGateway.natGatewayId'),
    CreateVpcEndpoint: ec2('vpc-endpoint', 'CreateVpcEndpointResponse.vpcEndpoint.vpcEndpointId'),
    CreateLaunchTemplate: ec2('launch-template', 'CreateLaunchTemplateResponse.launchTemplate.launchTemplateId'),
  },
  's3.amazonaws.com': { CreateBucket: bucket },
  'lambda.amazonaws.com': { CreateFunction20150331: answered('Lambda function', 'functionArn') },
  'dynamodb.amazonaws.com': { CreateTable: answered('DynamoDB table', 'tableDescription.tableArn') },
  'sqs.amazonaws.com': { CreateQueue: queue },
  'sns.amazonaws.com': { CreateTopic: answered('SNS topic', 'topicArn') },
  'rds.amazonaws.com': {
    CreateDBInstance: answered('RDS instance', 'dBInstanceArn'),
    CreateDBCluster: answered('RDS cluster', 'dBClusterArn'),
  },
  'logs.amazonaws.com': { CreateLogGroup: requested('log group', 'logGroupName', 'logs', 'log-group:') },
  'states.amazonaws.com': { CreateStateMachine: answered('state machine', 'stateMachineArn') },
  'kms.amazonaws.com': { CreateKey: answered('KMS key', 'keyMetadata.arn') },
  'ecr.amazonaws.com': { CreateRepository: answered('ECR repository', 'repository.repositoryArn') },
  'ecs.amazonaws.com': { CreateCluster: answered('ECS cluster', 'cluster.clusterArn') },
  'eks.amazonaws.com': { CreateCluster: answered('EKS cluster', 'cluster.arn') },
  'elasticloadbalancing.amazonaws.com': { CreateLoadBalancer: loadBalancer },
  'kinesis.amazonaws.com': { CreateStream: requested('Kinesis stream', 'streamName', 'kinesis', 'stream/') },
};

/** Returns the kind of a call that creates resources, or undefined for any other call. */
export function creationKindOf({
  eventSource,
  eventName,
}: Pick<CreationCall, 'eventSource' | 'eventName'>): CreationKind | undefined {
  const ofService = Object.hasOwn(creationKinds, eventSource) ? creationKinds[eventSource] : undefined;
  return ofService && Object.hasOwn(ofService, eventName) ? ofService[eventName] : undefined;
}
