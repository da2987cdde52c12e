import { account, region } from '../connection';
import { isObject, listOf, nameOf, resourcesOf, type Placed } from './assembly';
import { referenceOf, removeResources, type StandIn } from './removal';
import type { Rule } from './rule';

const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;

/** What the emulator's CloudFormation refuses, with what stands in for the attributes that others refer to. */
const refused: Readonly<Record<string, (placed: Placed) => StandIn>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': () => ({}),
  'AWS::ApplicationAutoScaling::ScalingPolicy': () => ({}),
  'AWS::Backup::BackupSelection': () => ({}),
  'AWS::Chatbot::SlackChannelConfiguration': () => ({}),
  'AWS::CloudWatch::CompositeAlarm': ({ id }) => ({ Arn: arn('cloudwatch', `alarm:${id}`) }),
  'AWS::CodeCommit::Repository': ({ id }) => ({ Arn: arn('codecommit', id), Name: id }),
  'AWS::CodePipeline::Pipeline': () => ({}),
  'AWS::EC2::FlowLog': () => ({}),
  'AWS::EC2::NatGateway': () => ({}),
  'AWS::EC2::SecurityGroupEgress': () => ({}),
  'AWS::EC2::SecurityGroupIngress': () => ({}),
  'AWS::SES::Template': () => ({}),
  'AWS::SecretsManager::RotationSchedule': () => ({}),
  'AWS::StepFunctions::StateMachineAlias': (placed) => ({ Ref: machineOfAlias(placed) }),
  'AWS::StepFunctions::StateMachineVersion': ({ resource }) => ({
    Ref: resource.Properties?.['StateMachineArn'] ?? '',
  }),
  'AWS::WAFv2::WebACLAssociation': () => ({}),
};

/** Resources of types that the emulator refuses go, and what refers to them gets a constant. */
export const refusedTypes: Rule = {
  name: 'refused-types',
  reason: 'the emulator refuses a template with a resource of these types',
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

/** Executions are started on the machine itself: alias to version to machine. */
function machineOfAlias({ stack, resource }: Placed): string | Record<string, string> {
  const [route] = listOf(resource.Properties?.['RoutingConfiguration']);
  const version = isObject(route) ? route['StateMachineVersionArn'] : undefined;
  const versionId = referenceOf(version)?.id ?? '';
  const machine = stack.template.Resources[versionId]?.Properties?.['StateMachineArn'];
  return isObject(machine) ? (machine as Record<string, string>) : '';
}
