import { architectures } from '../../lib/architectures';
import { optionalFeatures } from '../optional-features';
import { synthesize } from '../synthesis';
import { isOfItsStack, physicalNames } from './physical-names';
import type { Resource } from './rule';

type Resources = Readonly<Record<string, Resource>>;

/** Names that both templates give to a resource, so that only one of the two can be deployed in an account. */
function sharedNames(one: Resources, other: Resources): string[] {
  const namesOf = (resources: Resources) =>
    Object.values(resources).flatMap((resource) =>
      physicalNames(resource).map(({ property, name }) => `${resource.Type} ${property} ${name}`),
    );
  const others = new Set(namesOf(other));
  return namesOf(one).filter((name) => others.has(name) && !isOfItsStack(name));
}

describe.each(architectures)('$id', ({ id }) => {
  it.each([
    ['defaults', {}],
    ['optional settings', optionalFeatures],
  ])('with %s has no name in sandbox that it has in prod, since both may live in one account', (_, settings) => {
    const [sandbox, prod] = (['sandbox', 'prod'] as const).map(
      (stage) =>
        (
          synthesize({ stage, ...settings })
            .template(id)
            .toJSON() as { Resources: Resources }
        ).Resources,
    );
    expect(sharedNames(sandbox ?? {}, prod ?? {})).toEqual([]);
  });
});

const bus = (Name: unknown): Resources => ({ Bus: { Type: 'AWS::Events::EventBus', Properties: { Name } } });
const stackName = { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, 'Orders']] };

it.each([
  ['one that CDK makes from the path of a construct', bus('OrderWorkflowOrderEvents5C3D'), 1],
  ['one that a text is joined of', bus({ 'Fn::Join': ['-', ['orders', { Ref: 'AWS::Region' }]] }), 1],
  ['one that the stack is part of', bus(stackName), 0],
  ['a reference to another resource', bus({ Ref: 'Other' }), 0],
  ['a policy in its role', { P: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'P' } } }, 0],
])('an equal name, %s, is reported where it collides', (_, resources, count) => {
  expect(sharedNames(resources, resources)).toHaveLength(count);
});
