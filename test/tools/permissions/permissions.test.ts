import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { grantsOf } from '../../../tools/template/grants';
import type { Template } from '../../../tools/template/template';
import { isEnforced } from '../../../tools/permissions/by-the-service';
import { verdictsOf } from '../../../tools/permissions/permission-pages';
import { grantKey, readRecordedPermissions } from '../../../tools/permissions/recorded-permissions';
import { covers } from '../../../tools/permissions/verdicts';
import { readAcceptedUnused } from '../../../tools/permissions/accepted-unused';
import { architectures } from '../../../lib/architectures';
import { optionalFeatures } from '../../optional-features';
import { root, synthesize } from '../../synthesis';

const synthesis = synthesize();

function withOptionalFeatures(id: string, slug: string): Template {
  return synthesize({ [slug]: optionalFeatures[slug] })
    .template(id)
    .toJSON() as Template;
}

describe.each(architectures)('$id', ({ id, slug }) => {
  const template = synthesis.template(id).toJSON() as Template;
  const grants = grantsOf(template);
  const recorded = readRecordedPermissions(root, slug);
  const acceptedUnused = readAcceptedUnused(root, slug);

  it('uses each permission or gives the reason (npm run prove, npm run docs -- --record)', () => {
    const unused = verdictsOf({ slug, template, recorded, acceptedUnused }).filter(({ status }) => status === 'unused');
    expect(unused.map(({ grant }) => grantKey(grant))).toEqual([]);
  });

  it('has a check that fails without each permission, or the reason (npm run permissions -- --mutate)', () => {
    const unnoticed = grants.filter(
      (grant) =>
        isEnforced(grant, template) &&
        recorded[grantKey(grant)]?.noticedBy === undefined &&
        !acceptedUnused.some((accepted) => covers(accepted, grant)),
    );
    expect(unnoticed.map(grantKey)).toEqual([]);
  });

  it('has recorded only existing checks and grants', () => {
    const folder = join(root, 'scenarios', slug);
    const source = readdirSync(folder).map((file) =>
      file.endsWith('.ts') ? readFileSync(join(folder, file), 'utf8') : '',
    );
    for (const check of new Set(Object.values(recorded).flatMap(({ noticedBy }) => noticedBy ?? []))) {
      expect(source.join('\n')).toContain(`name: '${check}'`);
    }
    const keys = grants.map(grantKey);
    const others = Object.keys(recorded).filter((key) => !keys.includes(key));
    // Proofs run with settings that add functions.
    const optional = others.length === 0 ? [] : grantsOf(withOptionalFeatures(id, slug)).map(grantKey);
    expect(others.filter((key) => !optional.includes(key))).toEqual([]);
  });

  it('accepts only grants that exist', () => {
    const unknown = acceptedUnused.filter(
      (one) => !grants.some(({ name, action }) => name === one.function && action === one.action),
    );
    expect(unknown).toEqual([]);
  });
});
