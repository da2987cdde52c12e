import { architectures } from '../../lib/architectures';
import { stages, synthesize } from '../synthesis';

describe.each(stages)('in %s', (stage) => {
  const { stacks } = synthesize({ stage });

  // The provider that empties buckets takes no tags of its own: CloudFormation hands it those of the stack.
  it.each(architectures)('the stack $id is tagged itself', ({ id, slug }) => {
    expect(stacks.get(id)?.tags.tagValues()).toEqual({
      application: 'serverless-reference-architectures',
      architecture: slug,
      stage,
    });
  });
});
