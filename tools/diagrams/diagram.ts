import { needsOfServices } from '../template/service-roles';
import { pathOf, resourcesIn, type Template } from '../template/template';
import { edgesOf, type Edge } from './edges';

export type Shape = 'function' | 'store' | 'queue' | 'topic' | 'bus' | 'rule' | 'machine' | 'clock' | 'database';

export interface Node {
  /** Logical id. */
  readonly id: string;
  readonly name: string;
  readonly shape: Shape;
  /** AWS service, such as `EventBridge rule`. */
  readonly service: string;
  /** Number of alarms that watch it or its steps. */
  readonly alarms: number;
  /** Names of the functions that a state machine invokes. */
  readonly steps: readonly string[];
}

export interface Diagram {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Drawn resource types with their shape and service. */
const drawnTypes: Readonly<Record<string, readonly [Shape, string]>> = {
  'AWS::Lambda::Function': ['function', 'Lambda'],
  'AWS::S3::Bucket': ['store', 'S3'],
  'AWS::DynamoDB::GlobalTable': ['store', 'DynamoDB'],
  'AWS::RDS::DBInstance': ['database', 'RDS'],
  'AWS::RDS::DBProxy': ['database', 'RDS Proxy'],
  'AWS::SQS::Queue': ['queue', 'SQS'],
  'AWS::SNS::Topic': ['topic', 'SNS'],
  'AWS::Events::EventBus': ['bus', 'EventBridge bus'],
  'AWS::Events::Rule': ['rule', 'EventBridge rule'],
  'AWS::Scheduler::Schedule': ['clock', 'EventBridge Scheduler'],
  'AWS::StepFunctions::StateMachine': ['machine', 'Step Functions'],
};

/** Resources of every stack to which nearly everything has an edge: they would hide the rest. */
const everywhere = /^(Alarms\/Topic|.*AccessLogs)$/;

/**
 * Returns the nodes and edges of a template. Functions that a state machine invokes are steps of its node, and their edges are
 * edges of the node. Resources without an edge are omitted.
 */
export function diagramOf(template: Template): Diagram {
  const machines = machinesByStep(template);
  const drawn = nodesOf(template, machines);
  const edges = simplified(
    edgesOf(template).flatMap(({ from, to, kind }) =>
      (machines.get(from) ?? [from]).flatMap((one) =>
        (machines.get(to) ?? [to]).map((other) => ({ from: one, to: other, kind })),
      ),
    ),
  ).filter(({ from, to }) => drawn.has(from) && drawn.has(to));
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes = [...drawn.values()].filter(({ id }) => linked.has(id));
  return { nodes: nodes.sort((one, other) => one.name.localeCompare(other.name, 'en')), edges };
}

function nodesOf(template: Template, machines: ReadonlyMap<string, readonly string[]>): Map<string, Node> {
  const all = Object.entries(template.Resources);
  const nameOfId = (id: string): string => nameOf(pathOf(id, template.Resources[id] ?? { Type: '' }));
  return new Map(
    all.flatMap(([id, resource]): [string, Node][] => {
      const [shape, service] = drawnTypes[resource.Type] ?? [];
      const path = pathOf(id, resource);
      if (shape === undefined || service === undefined) return [];
      if (id.startsWith('Custom') || everywhere.test(path) || machines.has(id)) return [];
      const steps = [...machines].filter(([, owners]) => owners.includes(id)).map(([step]) => step);
      const alarms = [id, ...steps].reduce((sum, one) => sum + alarmsOf(template, one), 0);
      return [[id, { id, name: nameOf(path), shape, service, alarms, steps: steps.map(nameOfId) }]];
    }),
  );
}

/** State machines that invoke a function, by the function. */
function machinesByStep(template: Template): Map<string, string[]> {
  const machines = new Map<string, string[]>();
  const needs = needsOfServices(template);
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::StepFunctions::StateMachine') continue;
    const [role = ''] = resourcesIn(Properties?.['RoleArn']);
    for (const need of needs.get(role) ?? []) {
      const [action, target = ''] = need.split(' ');
      if (action === 'lambda:InvokeFunction') machines.set(target, [...(machines.get(target) ?? []), id]);
    }
  }
  return machines;
}

/** Keeps one edge between two nodes in each direction, and no read where there is another edge between them. */
function simplified(edges: readonly Edge[]): Edge[] {
  const ranks = { data: 0, failure: 1, read: 2 };
  const key = (from: string, to: string): string => `${from} ${to}`;
  const best = new Map<string, Edge>();
  for (const edge of edges.toSorted((one, other) => ranks[one.kind] - ranks[other.kind])) {
    const { from, to, kind } = edge;
    const isRedundant = best.has(key(from, to)) || (kind === 'read' && best.has(key(to, from)));
    if (from !== to && !isRedundant) best.set(key(from, to), edge);
  }
  return [...best.values()].sort((one, other) => key(one.from, one.to).localeCompare(key(other.from, other.to), 'en'));
}

function alarmsOf({ Resources }: Template, id: string): number {
  return Object.values(Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::CloudWatch::Alarm' &&
      resourcesIn([Properties?.['Dimensions'], Properties?.['Metrics']]).includes(id),
  ).length;
}

/** `Tables/Stock` is Stock, `Orders/Queue` Orders, `Orders/DeadLetters` Orders DeadLetters. */
function nameOf(path: string): string {
  return path
    .replace(/\/(Function|Queue|Topic|StateMachine|Schedule|Bucket|Table)$/, '')
    .replace(/^(Tables|Buckets)\//, '')
    .replaceAll('/', ' ');
}
