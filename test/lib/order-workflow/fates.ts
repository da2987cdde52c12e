import type { DefinitionInTemplate, StateInTemplate } from './definition-in';

type Value = string | number | boolean;
type Variables = Readonly<Record<string, Value>>;

/** What may become of an order: the states that it enters, those of them that fail for good, and where it ends. */
export interface Fate {
  readonly path: readonly string[];
  readonly failed: readonly string[];
  readonly variables: Variables;
  /** The state machine ends as it is told to; false where a state fails that nothing catches. */
  readonly caught: boolean;
}

/** What functions answer with, by the variable that takes it up. */
const answers: Readonly<Record<string, readonly Value[]>> = {
  valid: [true, false],
  units: [10, 11],
  decision: ['approve', 'reject'],
  charge: ['charged', 'declined'],
  stock: ['taken', 'out-of-stock'],
};

/** Every fate of an order, with every answer of every function and every failure of every task. */
export function fatesOf({ StartAt, States }: DefinitionInTemplate): Fate[] {
  const follow = (name: string, before: Fate): Fate[] => {
    const state = States[name];
    if (state === undefined) throw new Error(`no state '${name}'`);
    const fate = { ...before, path: [...before.path, name] };
    if (state.Type === 'Succeed' || state.Type === 'Fail') return [fate];
    if (state.Type === 'Choice') return choose(state, fate, follow);
    const done = answered(state.Assign ?? {}, fate.variables).flatMap((variables) =>
      follow(state.Next ?? 'none', { ...fate, variables }),
    );
    const failure = { ...fate, failed: [...fate.failed, name] };
    const undone = (state.Catch ?? []).flatMap(({ Next, Assign = {} }) =>
      follow(Next, { ...failure, variables: { ...failure.variables, ...Assign } }),
    );
    return [...done, ...(undone.length > 0 ? undone : [{ ...failure, caught: false }])];
  };
  return follow(StartAt, { path: [], failed: [], variables: {}, caught: true });
}

function choose(state: StateInTemplate, fate: Fate, follow: (name: string, fate: Fate) => Fate[]): Fate[] {
  const chosen = state.Choices?.find(({ Condition = '' }) => isTrue(Condition, fate.variables));
  const { Next, Assign = {} } = chosen ?? { Next: state.Default, Assign: state.Assign };
  return follow(Next ?? 'none', { ...fate, variables: { ...fate.variables, ...Assign } });
}

function answered(assign: Readonly<Record<string, Value>>, variables: Variables): Variables[] {
  return Object.entries(assign).reduce<Variables[]>(
    (all, [name, value]) => {
      const values = String(value).startsWith('{%') ? answers[name] : [value];
      if (values === undefined) throw new Error(`which answers may '${name}' have: say it here`);
      return all.flatMap((one) => values.map((answer) => ({ ...one, [name]: answer })));
    },
    [variables],
  );
}

/** The four forms that the conditions have. */
function isTrue(condition: string, variables: Variables): boolean {
  const [, not, name = '', sign, value = ''] =
    /^\{% (\$not\()?\$(\w+)\)?(?: ([=>]) '?([\w-]+)'?)? %\}$/.exec(condition) ?? [];
  const found = variables[name];
  if (found === undefined) throw new Error(`the condition ${condition} reads a variable that nothing has set`);
  if (sign === '=') return found === value;
  if (sign === '>') return Number(found) > Number(value);
  return not === undefined ? found === true : found === false;
}
