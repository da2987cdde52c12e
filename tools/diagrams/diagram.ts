import { grantsOf } from '../template/grants';
import { needsOfServices } from '../template/service-roles';
import { asArray, pathOf, resourcesIn, type Template } from '../template/template';

export type Shape = 'function' | 'store' | 'queue' | 'topic' | 'machine' | 'clock' | 'database';

export interface Node {
  /** The logical id. */
  readonly id: string;
  readonly name: string;
  readonly shape: Shape;
  /** How many alarms watch it. */
  readonly alarms: number;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** A failure's way, not the data's. */
  readonly onFailure: boolean;
}

export interface Diagram {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

const shapes: Readonly<Record<string, Shape>> = {
  'AWS::Lambda::Function': 'function',
  'AWS::S3::Bucket': 'store',
  'AWS::DynamoDB::GlobalTable': 'store',
  'AWS::RDS::DBInstance': 'database',
  'AWS::RDS::DBProxy': 'database',
  'AWS::SQS::Queue': 'queue',
  'AWS::SNS::Topic': 'topic',
  'AWS::Events::EventBus': 'topic',
  'AWS::StepFunctions::StateMachine': 'machine',
  'AWS::Scheduler::Schedule': 'clock',
  'AWS::Events::Rule': 'clock',
};

/** Every stack has these two, and nearly everything in it leads to them: drawn, they would hide the rest. */
const everywhere = /^(Alarms\/Topic|.*AccessLogs)$/;

/** What a template is made of and what leads where, for a drawing: sources before what they feed, as far as names allow. */
export function diagramOf(template: Template): Diagram {
  const all = Object.entries(template.Resources);
  const drawn = new Map(
    all.flatMap(([id, resource]) => {
      const shape = shapes[resource.Type];
      const path = pathOf(id, resource);
      const isOurs = !id.startsWith('Custom') && !everywhere.test(path);
      return shape === undefined || !isOurs
        ? []
        : [[id, { id, name: nameOf(path), shape, alarms: alarmsOf(template, id) }]];
    }),
  );
  const edges = [...wiring(template), ...granted(template)]
    .filter(({ from, to }) => drawn.has(from) && drawn.has(to) && from !== to)
    .sort((one, other) => keyOf(one).localeCompare(keyOf(other), 'en'));
  const unique = [...new Map(edges.map((edge) => [keyOf(edge), edge])).values()];
  const linked = new Set(unique.flatMap(({ from, to }) => [from, to]));
  const nodes = [...drawn.values()].filter(({ id }) => linked.has(id));
  return { nodes: nodes.sort((one, other) => one.name.localeCompare(other.name, 'en')), edges: unique };
}

/** Edges that stand in resources: notifications, mappings, targets, redrive policies, destinations. */
function wiring({ Resources }: Template): Edge[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const to = (value: unknown, onFailure = false): Edge[] =>
      resourcesIn(value).map((target) => ({ from: id, to: target, onFailure }));
    switch (Type) {
      case 'AWS::Lambda::EventSourceMapping':
        return between(Properties['EventSourceArn'], Properties['FunctionName']);
      case 'AWS::Lambda::EventInvokeConfig':
        return between(Properties['FunctionName'], Properties['DestinationConfig'], true);
      case 'AWS::S3::Bucket':
        return to(Properties['NotificationConfiguration']);
      case 'AWS::SQS::Queue':
        return to(Properties['RedrivePolicy'], true);
      case 'AWS::Scheduler::Schedule':
        return targetsOf(id, [Properties['Target']]);
      case 'AWS::Events::Rule':
        return [
          ...targetsOf(id, asArray(Properties['Targets'])),
          // A rule on an end of executions names the machine in its pattern.
          ...resourcesIn(Properties['EventPattern']).map((source) => ({ from: source, to: id, onFailure: false })),
        ];
      case 'AWS::RDS::DBProxyTargetGroup':
        return between(Properties['DBProxyName'], Properties['DBInstanceIdentifiers']);
      default:
        return [];
    }
  });
}

function targetsOf(id: string, targets: readonly unknown[]): Edge[] {
  return (targets as { Arn?: unknown; DeadLetterConfig?: unknown }[]).flatMap(({ Arn, DeadLetterConfig }) => [
    ...resourcesIn(Arn).map((to) => ({ from: id, to, onFailure: false })),
    ...resourcesIn(DeadLetterConfig).map((to) => ({ from: id, to, onFailure: true })),
  ]);
}

function between(from: unknown, to: unknown, onFailure = false): Edge[] {
  return resourcesIn(from).flatMap((one) => resourcesIn(to).map((other) => ({ from: one, to: other, onFailure })));
}

/** Edges that follow from permissions: data flows from what is only read, and to what is written or called. */
function granted(template: Template): Edge[] {
  const functions = grantsOf(template).flatMap(({ function: id, action, resource }) => {
    // What the mapping and the on-failure destination do in a function's name is an edge of theirs.
    if (/^(logs|xray|kms|ec2|states:Describe)/.test(action) || isPolling(action)) return [];
    return [
      isReading(action) ? { from: resource, to: id, onFailure: false } : { from: id, to: resource, onFailure: false },
    ];
  });
  const writes = new Set(functions.map(({ from, to }) => `${from} ${to}`));
  const oneWay = functions.filter(
    ({ from, to }) => template.Resources[from]?.Type === 'AWS::Lambda::Function' || !writes.has(`${to} ${from}`),
  );
  const failing = new Set(
    wiring(template)
      .filter(({ onFailure }) => onFailure)
      .map(({ from, to }) => `${from} ${to}`),
  );
  const machines = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::StepFunctions::StateMachine') return [];
    const [role = ''] = resourcesIn(Properties?.['RoleArn']);
    const needs = [...(needsOfServices(template).get(role) ?? [])].map((need) => need.split(' '));
    return needs.map(([action = '', to = '']) =>
      isReading(action) ? { from: to, to: id, onFailure: false } : { from: id, to, onFailure: false },
    );
  });
  return [...oneWay.filter(({ from, to }) => !failing.has(`${from} ${to}`)), ...machines];
}

function isReading(action: string): boolean {
  return /:(Get|BatchGet|List|Query|Scan|Head|Describe)/.test(action);
}

function isPolling(action: string): boolean {
  return /^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|ChangeMessageVisibility)$/.test(action);
}

function alarmsOf({ Resources }: Template, id: string): number {
  return Object.values(Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::CloudWatch::Alarm' &&
      resourcesIn([Properties?.['Dimensions'], Properties?.['Metrics']]).includes(id),
  ).length;
}

function keyOf({ from, to }: Edge): string {
  return `${from} ${to}`;
}

/** `Tables/Stock` is Stock, `Orders/Queue` Orders, `Orders/DeadLetters` Orders DeadLetters. */
function nameOf(path: string): string {
  return path
    .replace(/\/(Function|Queue|Topic|StateMachine|Schedule)$/, '')
    .replace(/^(Tables|Buckets)\//, '')
    .replaceAll('/', ' ');
}
