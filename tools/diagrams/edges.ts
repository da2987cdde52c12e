import { grantsOf } from '../template/grants';
import { needsOfServices } from '../template/service-roles';
import { asArray, resourcesIn, type Template } from '../template/template';

export interface Edge {
  /** Logical ids. */
  readonly from: string;
  readonly to: string;
  /** `read`: data that is only looked up; `failure`: path of what failed. */
  readonly kind: 'data' | 'failure' | 'read';
}

/** Edges of a template, from its event sources, targets, destinations and permissions. */
export function edgesOf(template: Template): Edge[] {
  const wired = wiring(template);
  const isWired = (from: string, to: string): boolean => wired.some((edge) => edge.from === from && edge.to === to);
  const granted = [...grantsOfFunctions(template, isWired), ...needsOfMachines(template)];
  // A grant for a destination or a dead-letter queue repeats the edge of the failure path.
  return [...wired, ...granted.filter(({ from, to }) => !isWired(from, to))];
}

/** Edges from properties: notifications, event source mappings, targets, redrive policies, destinations. */
function wiring({ Resources }: Template): Edge[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
    switch (Type) {
      case 'AWS::Lambda::EventSourceMapping':
        return [
          ...between(sourceOf(Properties['EventSourceArn'], Resources), Properties['FunctionName']),
          ...between(Properties['FunctionName'], Properties['DestinationConfig'], 'failure'),
        ];
      case 'AWS::Lambda::EventInvokeConfig':
        return between(Properties['FunctionName'], Properties['DestinationConfig'], 'failure');
      case 'AWS::S3::Bucket':
        return fromTo(id, Properties['NotificationConfiguration']);
      case 'AWS::SQS::Queue':
        return fromTo(id, Properties['RedrivePolicy'], 'failure');
      case 'AWS::Scheduler::Schedule':
        return targetsOf(id, [Properties['Target']]);
      case 'AWS::Events::Rule':
        return [
          ...targetsOf(id, asArray(Properties['Targets'])),
          ...between(Properties['EventBusName'], { Ref: id }),
          // A rule for the end of executions names the state machine in its pattern.
          ...between(Properties['EventPattern'], { Ref: id }),
        ];
      case 'AWS::RDS::DBProxyTargetGroup':
        return between(Properties['DBProxyName'], Properties['DBInstanceIdentifiers']);
      default:
        return [];
    }
  });
}

/** Source of a mapping; for a consumer of a stream, the stream. */
function sourceOf(source: unknown, resources: Template['Resources']): unknown {
  const consumed = resourcesIn(source).map((id) => resources[id]?.Properties?.['StreamARN']);
  return consumed.find((stream) => stream !== undefined) ?? source;
}

function targetsOf(id: string, targets: readonly unknown[]): Edge[] {
  return (targets as { Arn?: unknown; DeadLetterConfig?: unknown }[]).flatMap(({ Arn, DeadLetterConfig }) => [
    ...fromTo(id, Arn),
    ...fromTo(id, DeadLetterConfig, 'failure'),
  ]);
}

function fromTo(from: string, to: unknown, kind: Edge['kind'] = 'data'): Edge[] {
  return resourcesIn(to).map((target) => ({ from, to: target, kind }));
}

function between(from: unknown, to: unknown, kind: Edge['kind'] = 'data'): Edge[] {
  return resourcesIn(from).flatMap((one) => fromTo(one, to, kind));
}

/** Edges from permissions of functions: from what they read or receive from, to what they write to or call. */
function grantsOfFunctions(template: Template, isWired: (from: string, to: string) => boolean): Edge[] {
  return grantsOf(template).flatMap(({ function: id, action, resource }): Edge[] => {
    if (/^(logs|xray|kms|ec2|states:Describe)/.test(action)) return [];
    // Reading a stream for an event source mapping is an edge of the mapping.
    if (isWired(resource, id) && /^(kinesis|dynamodb):/.test(action)) return [];
    if (/^sqs:(DeleteMessage|GetQueueAttributes|ChangeMessageVisibility)$/.test(action)) return [];
    // Polling for an event source mapping is an edge of the mapping; what polls itself redrives dead letters.
    if (action === 'sqs:ReceiveMessage')
      return isWired(resource, id) ? [] : [{ from: resource, to: id, kind: 'failure' }];
    return [isReading(action) ? { from: resource, to: id, kind: 'read' } : { from: id, to: resource, kind: 'data' }];
  });
}

/** Edges from what the definitions of state machines call. */
function needsOfMachines(template: Template): Edge[] {
  const needs = needsOfServices(template);
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::StepFunctions::StateMachine') return [];
    const [role = ''] = resourcesIn(Properties?.['RoleArn']);
    return [...(needs.get(role) ?? [])].map((need): Edge => {
      const [action = '', target = ''] = need.split(' ');
      return isReading(action) ? { from: target, to: id, kind: 'read' } : { from: id, to: target, kind: 'data' };
    });
  });
}

function isReading(action: string): boolean {
  return /:(Get|BatchGet|List|Query|Scan|Head|Describe)/.test(action);
}
