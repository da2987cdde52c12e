import type { DefinitionInTemplate, StateInTemplate } from './read-definition';

type Value = string | number | boolean;
type Variables = Readonly<Record<string, Value>>;

/** Possible path of an execution: the states that it enters, those that fail permanently, and its variables at the end. */
export interface ExecutionPath {
  readonly states: readonly string[];
  readonly failed: readonly string[];
  readonly variables: Variables;
  /** False if a state fails that has no catcher. */
  readonly caught: boolean;
}

/** Possible results of the functions, by the variable that holds them. */
const results: Readonly<Record<string, readonly Value[]>> = {
  valid: [true, false],
  units: [10, 11],
  decision: ['approve', 'reject'],
  charge: ['charged', 'declined'],
  stock: ['reserved', 'out-of-stock'],
};

/** Every path of an execution, with every result of every function and every failure of every task. */
export function executionPaths({ StartAt, States }: DefinitionInTemplate): ExecutionPath[] {
  const follow = (name: string, before: ExecutionPath): ExecutionPath[] => {
    const state = States[name];
    if (state === undefined) throw new Error(`no state '${name}'`);
    const path = { ...before, states: [...before.states, name] };
    if (state.Type === 'Succeed' || state.Type === 'Fail') return [path];
    if (state.Type === 'Choice') return choose(state, path, follow);
    const succeeded = assign(state.Assign ?? {}, path.variables).flatMap((variables) =>
      follow(state.Next ?? 'none', { ...path, variables }),
    );
    const failure = { ...path, failed: [...path.failed, name] };
    const caught = (state.Catch ?? []).flatMap(({ Next, Assign = {} }) =>
      follow(Next, { ...failure, variables: { ...failure.variables, ...Assign } }),
    );
    return [...succeeded, ...(caught.length > 0 ? caught : [{ ...failure, caught: false }])];
  };
  return follow(StartAt, { states: [], failed: [], variables: {}, caught: true });
}

function choose(
  state: StateInTemplate,
  path: ExecutionPath,
  follow: (name: string, path: ExecutionPath) => ExecutionPath[],
): ExecutionPath[] {
  const chosen = state.Choices?.find(({ Condition = '' }) => isTrue(Condition, path.variables));
  const { Next, Assign = {} } = chosen ?? { Next: state.Default, Assign: state.Assign };
  return follow(Next ?? 'none', { ...path, variables: { ...path.variables, ...Assign } });
}

function assign(assignments: Readonly<Record<string, Value>>, variables: Variables): Variables[] {
  return Object.entries(assignments).reduce<Variables[]>(
    (all, [name, value]) => {
      const values = String(value).startsWith('{%') ? results[name] : [value];
      if (values === undefined) throw new Error(`list the possible results of '${name}' here`);
      return all.flatMap((one) => values.map((result) => ({ ...one, [name]: result })));
    },
    [variables],
  );
}

/** Evaluates the four forms of conditions in the definition. */
function isTrue(condition: string, variables: Variables): boolean {
  const [, not, name = '', sign, value = ''] =
    /^\{% (\$not\()?\$(\w+)\)?(?: ([=>]) '?([\w-]+)'?)? %\}$/.exec(condition) ?? [];
  const found = variables[name];
  if (found === undefined) throw new Error(`the condition ${condition} reads a variable that is not set`);
  if (sign === '=') return found === value;
  if (sign === '>') return Number(found) > Number(value);
  return not === undefined ? found === true : found === false;
}
