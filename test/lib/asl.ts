import type { Template } from 'aws-cdk-lib/assertions';

interface StateMachineProperties {
  readonly DefinitionString: unknown;
}

export interface Definition {
  readonly TimeoutSeconds?: number;
  readonly States: Record<string, AslState>;
}

export interface AslState {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Catch?: readonly { ErrorEquals: readonly string[]; Next: string }[];
  readonly ItemReader?: { Resource: string; Parameters: Record<string, string> };
  readonly ItemProcessor?: Definition & { ProcessorConfig: { Mode: string } };
  readonly Parameters?: Record<string, unknown>;
  readonly [key: string]: unknown;
}

/** Returns the definitions of a template's state machines by logical id, with intrinsic functions resolved. */
export function definitionsOf(template: Template): Map<string, Definition> {
  const machines = template.findResources('AWS::StepFunctions::StateMachine');
  return new Map(
    Object.entries(machines).map(([id, machine]) => {
      const { DefinitionString } = machine['Properties'] as StateMachineProperties;
      return [id, JSON.parse(resolved(DefinitionString)) as Definition];
    }),
  );
}

/** Returns every state of a definition, including those of its maps. */
export function statesOf(definition: Definition): [name: string, state: AslState][] {
  return Object.entries(definition.States).flatMap(([name, state]) => [
    [name, state] as [string, AslState],
    ...(state.ItemProcessor === undefined ? [] : statesOf(state.ItemProcessor)),
  ]);
}

function resolved(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  switch (name) {
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(resolved).join(separator);
    }
    case 'Ref':
      return argument === 'AWS::Partition' ? 'aws' : `<${String(argument)}>`;
    case 'Fn::GetAtt': {
      const [id = '', attribute = ''] = argument as string[];
      // The validator accepts any ARN; the id is for people and tests.
      return attribute === 'Arn' ? `arn:aws:lambda:us-east-1:111111111111:function:${id}` : `<${id}.${attribute}>`;
    }
    case 'Fn::Select':
      return '<selected>';
    default:
      throw new Error(`cannot resolve ${name} in a definition`);
  }
}
