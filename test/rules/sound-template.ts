import { synthesize } from '../synthesis';
import type { Resource, Rule, Subject } from './rule';

export type Resources = Record<string, Resource>;

/** Template that keeps every promise: image-resize in prod. */
export const sound = synthesize({ stage: 'prod' }).template('ImageResize').toJSON() as {
  Resources: Resources;
  Outputs: object;
};

export function subject(resources: Resources, outputs: object = sound.Outputs): Subject {
  return {
    id: 'ImageResize',
    slug: 'image-resize',
    stage: 'prod',
    resources: new Map(Object.entries(resources)),
    outputs: new Map(Object.entries(outputs)),
  };
}

/** Valid template with every resource of a type changed. */
export function changed(
  type: string,
  change: (properties: Record<string, never>, resource: Record<string, unknown>) => unknown,
): Subject {
  const resources = structuredClone(sound.Resources);
  for (const resource of Object.values(resources)) {
    if (resource.Type === type) change((resource.Properties ?? {}) as Record<string, never>, resource as never);
  }
  return subject(resources);
}

/** Valid template with more resources. */
export function extended(more: Resources): Subject {
  return subject({ ...structuredClone(sound.Resources), ...more });
}

export function policy(statement: object, role = 'SomeRole'): Resources {
  return {
    Broken: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: role }], PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } },
    },
  };
}

/** Rule whose promise matches. */
export function ruleOf(rules: readonly Rule[], promise: RegExp): Rule {
  const found = rules.filter((rule) => promise.test(rule.promise));
  if (found.length !== 1) throw new Error(`${found.length} rules match ${String(promise)}: expected one`);
  return found[0]!;
}

/** Template that breaks a rule, and what is said of it. */
export type Breaking = readonly [promise: RegExp, subject: Subject, said: RegExp];

/** Tests that each rule is broken by a template, and that each has one. */
export function testRules(rules: readonly Rule[], breaking: readonly Breaking[]): void {
  it.each(breaking)(
    'the rule %s is broken by a template that breaks it, and says so',
    async (promise, broken, said) => {
      expect((await ruleOf(rules, promise).breaches(broken)).join('\n')).toMatch(said);
    },
  );

  it.each(rules)('$promise: the sound template breaks it nowhere', async ({ breaches }) => {
    expect(await breaches(subject(sound.Resources))).toEqual([]);
  });

  it('every rule has a template that breaks it', () => {
    const untested = rules.filter((rule) => !breaking.some(([promise]) => promise.test(rule.promise)));
    expect(untested.map((rule) => rule.promise)).toEqual([]);
  });
}
