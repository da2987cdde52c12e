import { asArray, pathOf, resourcesIn, type Template } from './template';

/** Action on a resource that the role of a function allows. */
export interface Grant {
  /** Logical id of the function. */
  readonly function: string;
  /** Construct path of the function below the stack: `FulfilOrder`. */
  readonly name: string;
  readonly action: string;
  /** Logical id, `*`, or the text of an ARN of another stack. */
  readonly resource: string;
  /** Path of the resource below the stack, or its text. */
  readonly on: string;
}

/** Action on a resource (a logical id, or `*`): `states:StartExecution Machine`. */
export type Need = string;

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Grants of all functions of a stack, one for each action and resource; without functions that CDK adds. */
export function grantsOf(template: Template): Grant[] {
  const { Resources } = template;
  const pathTo = (id: string): string => (Resources[id] === undefined ? id : pathOf(id, Resources[id]));
  const grants = Object.entries(Resources)
    .filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && !id.startsWith('Custom'))
    .flatMap(([id, { Properties }]) => {
      const name = pathTo(id).replace(/\/Function$/, '');
      const roles = resourcesIn(Properties?.['Role']).flatMap((role) => grantsOfRole(template, role));
      return roles.map(({ action, resource }) => ({ function: id, name, action, resource, on: pathTo(resource) }));
    });
  return unique(grants);
}

/** Grants of a role's inline and attached policies. */
export function grantsOfRole({ Resources }: Template, role: string): Pick<Grant, 'action' | 'resource'>[] {
  const attached = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .filter(({ Properties }) => resourcesIn(Properties?.['Roles']).includes(role))
    .map(({ Properties }) => Properties?.['PolicyDocument']);
  const inline = asArray(Resources[role]?.Properties?.['Policies']).map(
    (policy) => (policy as { PolicyDocument: unknown }).PolicyDocument,
  );
  return [...inline, ...attached]
    .flatMap(statementsOf)
    .flatMap(({ Action, Resource }) =>
      asArray(Action).flatMap((action) =>
        asArray(Resource).map((resource) => ({ action: String(action), resource: targetOf(resource) })),
      ),
    );
}

function statementsOf(document: unknown): Statement[] {
  const { Statement } = (document ?? {}) as { Statement?: Statement | readonly Statement[] };
  return (asArray(Statement) as Statement[]).filter(({ Effect }) => Effect === 'Allow');
}

/** Logical id if the value refers to one, otherwise its text. */
export function targetOf(resource: unknown): string {
  const [id] = resourcesIn(resource);
  if (id !== undefined) return id;
  return typeof resource === 'string' ? resource : textOf(resource);
}

/** Literal parts of an ARN that is joined from text and parameters. */
function textOf(value: unknown): string {
  const [, parts] = ((value as { 'Fn::Join'?: unknown })['Fn::Join'] ?? []) as [string?, unknown[]?];
  return (parts ?? []).map((part) => (typeof part === 'string' ? part : '…')).join('');
}

function unique(grants: readonly Grant[]): Grant[] {
  const byText = new Map(grants.map((grant) => [`${grant.name} ${grant.on} ${grant.action}`, grant]));
  return [...byText.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, grant]) => grant);
}
