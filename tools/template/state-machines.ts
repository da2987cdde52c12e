import { pathOf, resourcesIn, type Template } from './template';

/** State of a state machine, as far as tools read it. */
export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Resource?: string;
  /** JSONata's name for JSONPath's `Parameters`. */
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ItemReader?: StatePart;
  readonly ResultWriter?: StatePart;
  readonly ItemProcessor?: Branch & { readonly ProcessorConfig?: { readonly Mode?: string } };
  readonly Branches?: readonly Branch[];
}

export type StatePart = Pick<State, 'Resource' | 'Arguments' | 'Parameters'>;

/** States of a machine, or of a part of it. */
export interface Branch {
  readonly States: Readonly<Record<string, State>>;
}

/** States of a definition, with those of its maps and branches. */
export function statesOf({ States }: Branch): State[] {
  return Object.values(States).flatMap((state) => [
    state,
    ...(state.ItemProcessor === undefined ? [] : statesOf(state.ItemProcessor)),
    ...(state.Branches ?? []).flatMap(statesOf),
  ]);
}

/** State machines of a template by construct path below the stack, with their definitions. */
export function definitionsIn({ Resources }: Template): { readonly name: string; readonly definition: Branch }[] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine')
    .map(([id, resource]) => ({
      name: pathOf(id, resource).replace(/\/StateMachine$/, ''),
      definition: definitionOf(resource.Properties?.['DefinitionString']),
    }));
}

/** Definition with `${LogicalId}` in place of the template's references. */
export function definitionOf(definition: unknown): Branch {
  if (typeof definition === 'string') return JSON.parse(definition) as Branch;
  const [, parts] = (definition as { 'Fn::Join': [string, readonly unknown[]] })['Fn::Join'];
  const text = parts.map((part) => (typeof part === 'string' ? part : `\${${resourcesIn(part)[0] ?? 'AWS'}}`)).join('');
  return JSON.parse(text) as Branch;
}
