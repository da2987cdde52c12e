import { account, region } from '../connection';
import { isObject, listOf, nameOf, resourcesOf, type StackResource } from './assembly';
import { referenceOf, removeResources, type StandIn } from './removal';
import type { Rule } from './rule';

const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;

/** Types that the emulator's CloudFormation rejects, with replacements for attributes that other resources refer to. */
const refused: Readonly<Record<string, (placed: StackResource) => StandIn>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': () => ({}),
  'AWS::ApplicationAutoScaling::ScalingPolicy': () => ({}),
  'AWS::Backup::BackupSelection': () => ({}),
  'AWS::Chatbot::SlackChannelConfiguration': () => ({}),
  'AWS::CloudTrail::Trail': ({ id }) => ({ Arn: arn('cloudtrail', `trail/${id}`), Ref: id }),
  'AWS::CloudWatch::CompositeAlarm': ({ id }) => ({ Arn: arn('cloudwatch', `alarm:${id}`) }),
  'AWS::CodeDeploy::Application': ({ id }) => ({ Ref: id }),
  'AWS::CodeDeploy::DeploymentGroup': ({ id }) => ({ Ref: id }),
  'AWS::CodeCommit::Repository': ({ id }) => ({
    Arn: arn('codecommit', id),
    Name: id,
    CloneUrlHttp: `https://git-codecommit.${region}.amazonaws.com/v1/repos/${id}`,
  }),
  'AWS::CodePipeline::Pipeline': () => ({}),
  'AWS::EC2::FlowLog': () => ({}),
  'AWS::EC2::NatGateway': () => ({}),
  'AWS::EC2::SecurityGroupEgress': () => ({}),
  'AWS::EC2::SecurityGroupIngress': () => ({}),
  // The mapping reads the stream itself then, from which the consumer would read.
  'AWS::Kinesis::StreamConsumer': ({ resource }) => {
    const stream = resource.Properties?.['StreamARN'] ?? '';
    return { Ref: stream, ConsumerARN: stream };
  },
  'AWS::S3Files::AccessPoint': ({ id }) => ({ AccessPointArn: arn('s3files', `file-system/local/access-point/${id}`) }),
  'AWS::S3Files::FileSystem': ({ id }) => ({ FileSystemArn: arn('s3files', `file-system/${id}`), FileSystemId: id }),
  'AWS::S3Files::MountTarget': () => ({}),
  'AWS::SES::Template': () => ({}),
  'AWS::SecretsManager::RotationSchedule': () => ({}),
  'AWS::StepFunctions::StateMachineAlias': (placed) => ({ Ref: machineOfAlias(placed) }),
  'AWS::StepFunctions::StateMachineVersion': ({ resource }) => ({
    Ref: resource.Properties?.['StateMachineArn'] ?? '',
  }),
  'AWS::WAFv2::WebACLAssociation': () => ({}),
};

/** Removes resources of types that the emulator rejects; references to them become constants. */
export const refusedTypes: Rule = {
  name: 'refused-types',
  reason: 'the emulator rejects templates with resources of these types',
  apply(assembly) {
    return assembly.stacks.flatMap((stack) => {
      const dropped = resourcesOf(assembly, ...Object.keys(refused)).filter((placed) => placed.stack === stack);
      if (dropped.length === 0) return [];
      removeResources(
        stack,
        new Map(dropped.map((placed) => [placed.id, refused[placed.resource.Type]?.(placed) ?? {}])),
      );
      return dropped.map((placed) => `${nameOf(placed)} (${placed.resource.Type})`);
    });
  },
};

/** Resolves alias and version to the state machine itself. */
function machineOfAlias({ stack, resource }: StackResource): string | Record<string, string> {
  const [route] = listOf(resource.Properties?.['RoutingConfiguration']);
  const version = isObject(route) ? route['StateMachineVersionArn'] : undefined;
  const versionId = referenceOf(version)?.id ?? '';
  const machine = stack.template.Resources[versionId]?.Properties?.['StateMachineArn'];
  return isObject(machine) ? (machine as Record<string, string>) : '';
}
