import { definitionsIn, type State } from '../template/state-machines';
import type { Template } from '../template/template';
import type { Diagram, Node, Shape } from './diagram';
import type { Edge } from './edges';
import { layOutDown, type Graphviz, type Layout } from './layout';

/** Drawing of a state machine: its top-level states, and the transitions between them. */
export interface MachineDrawing {
  /** Construct path below the stack, such as `OrderStateMachine`. */
  readonly name: string;
  readonly drawing: Layout;
}

const shapes: Readonly<Record<string, Shape>> = { Choice: 'rule', Map: 'machine', Parallel: 'machine' };

/** Drawings of all state machines of a template. */
export function machineDrawings(template: Template, graphviz: Graphviz): MachineDrawing[] {
  return definitionsIn(template).map(({ name, definition: { States } }) => ({
    name,
    drawing: layOutDown(diagramOf(States), graphviz),
  }));
}

function diagramOf(states: Readonly<Record<string, State>>): Diagram {
  return { nodes: Object.entries(states).map(nodeOf), edges: Object.entries(states).flatMap(edgesFrom) };
}

function nodeOf([name, { Type }]: [string, State]): Node {
  const shape = shapes[Type] ?? (Type === 'Succeed' || Type === 'Fail' ? 'topic' : 'function');
  return { id: name, name, shape, service: Type, alarms: 0, steps: [] };
}

/** One edge to each next state; that of a caught error is drawn as a failure unless it is an ordinary one too. */
function edgesFrom([from, { Next, Default, Choices = [], Catch = [] }]: [string, State]): Edge[] {
  const next = new Set([Next, Default, ...Choices.map((choice) => choice.Next)].filter((name) => name !== undefined));
  const caught = new Set(Catch.map((catcher) => catcher.Next).filter((name) => !next.has(name)));
  const edge =
    (kind: Edge['kind']) =>
    (to: string): Edge => ({ from, to, kind });
  return [...[...next].map(edge('data')), ...[...caught].map(edge('failure'))];
}
