import { architectures } from '../../lib/architectures';
import { stages, synthesize } from '../synthesis';

describe.each(stages)('in %s', (stage) => {
  const synthesis = synthesize({ stage });

  // The provider that empties buckets takes no tags of its own: CloudFormation hands it those of the stack.
  it.each(architectures)('the stack $id is tagged itself', ({ id, slug }) => {
    expect(synthesis.stacks.get(id)?.tags.tagValues()).toEqual({
      application: 'serverless-reference-architectures',
      architecture: slug,
      stage,
    });
  });

  it.each(architectures)('every resource of $id that has tags has the three of its stack', ({ id, slug }) => {
    const { Resources } = synthesis.template(id).toJSON() as {
      Resources: Record<string, { Properties?: { Tags?: unknown } }>;
    };
    const untagged = Object.entries(Resources)
      .filter(([, { Properties }]) => Properties?.Tags !== undefined)
      .filter(([, { Properties }]) => {
        const tags = JSON.stringify(Properties?.Tags);
        return !tags.includes(`"${slug}"`) || !tags.includes(`"${stage}"`) || !tags.includes('"application"');
      })
      .map(([logicalId]) => logicalId);
    expect(untagged).toEqual([]);
  });
});
