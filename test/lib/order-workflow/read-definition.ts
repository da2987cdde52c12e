import type { Template } from 'aws-cdk-lib/assertions';
import { references } from '../../rules/rule';

export interface Retrier {
  readonly ErrorEquals: string[];
  readonly MaxAttempts?: number;
  readonly JitterStrategy?: string;
  readonly MaxDelaySeconds?: number;
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
}

export interface StateInTemplate {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
  readonly Retry?: Retrier[];
  readonly Assign?: Readonly<Record<string, string | number | boolean>>;
  readonly Catch?: { ErrorEquals: string[]; Next: string; Assign?: StateInTemplate['Assign'] }[];
  readonly Choices?: { Condition?: string; Next: string; Assign?: StateInTemplate['Assign'] }[];
  readonly Default?: string;
  readonly Next?: string;
}

export interface DefinitionInTemplate {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, StateInTemplate>>;
}

/** Text of the definition with its joins resolved: references are replaced by logical ids. */
export function definitionText(template: Template): string {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const { DefinitionString } = (machine as { Properties: { DefinitionString: { 'Fn::Join': [string, unknown[]] } } })
    .Properties;
  const [separator, parts] = DefinitionString['Fn::Join'];
  const text = parts.map((part) => (typeof part === 'string' ? part : resolve(part))).join(separator);
  return text;
}

export function readDefinition(template: Template): DefinitionInTemplate {
  return JSON.parse(definitionText(template)) as DefinitionInTemplate;
}

function resolve(part: unknown): string {
  const [id = ''] = references(part);
  return id === 'AWS::Partition' ? 'aws' : id;
}
