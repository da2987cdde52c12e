import type { Template } from 'aws-cdk-lib/assertions';
import { synthesize } from './synthesis';
import { differenceFrom } from './template-difference';

/**
 * Declares the snapshot tests of a stack: the template of a default sandbox in full, and each other as its difference from
 * that, so that a review sees what a stage or a setting changes.
 */
export function templatesChangeOnlyOnPurpose(id: string, others: readonly Readonly<Record<string, unknown>>[]): void {
  const templateWith = (context: Readonly<Record<string, unknown>>) => comparable(synthesize(context).template(id));

  it('the template of a default sandbox changes only on purpose', () => {
    expect(templateWith({})).toMatchSnapshot();
  });

  it.each(others)('the template with %j differs from the default only on purpose', (context) => {
    expect(differenceFrom(templateWith({}), templateWith(context))).toMatchSnapshot();
  });
}

/** Tags of every resource, which a rule of their own holds: in a snapshot they would hide what differs. */
const everywhere = new Set(['application', 'architecture', 'stage']);

/**
 * A template without the hashes of assets, which follow the code, so that a handler's edit is not a change of the template,
 * without the paths of constructs, which its logical ids tell, and without the tags that every resource has.
 */
function comparable(template: Template): unknown {
  const text = JSON.stringify(template.toJSON()).replace(/[0-9a-f]{64}/g, '<asset hash>');
  return JSON.parse(text, (name, value: unknown) => {
    if (name === 'Metadata') return filled(value, ([key]) => key !== 'aws:cdk:path');
    if (name !== 'Tags') return value;
    if (Array.isArray(value)) {
      const own = (value as { Key: string }[]).filter(({ Key }) => !everywhere.has(Key));
      return own.length === 0 ? undefined : own;
    }
    return filled(value, ([key]) => !everywhere.has(key));
  });
}

function filled(value: unknown, isKept: (entry: [string, unknown]) => boolean): unknown {
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(isKept);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
