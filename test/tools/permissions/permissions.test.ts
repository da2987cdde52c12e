import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { grantsOf } from '../../../tools/template/grants';
import type { Template } from '../../../tools/template/template';
import { isEnforced } from '../../../tools/permissions/by-the-service';
import { readRemovals } from '../../../tools/permissions/mutation/removals';
import { rowKey, withRemovals } from '../../../tools/permissions/permissions-page';
import { covers } from '../../../tools/permissions/verdicts';
import { readReserves } from '../../../tools/permissions/reserves';
import { architectures } from '../../../lib/architectures';
import { root, synthesize } from '../../synthesis';

const page = join(root, 'docs', 'permissions.md');
const synthesis = synthesize({ 'aws:cdk:enable-path-metadata': true });

it('docs/permissions.md names what notices each removal: npm run least-privilege -- --mutate --write', () => {
  const text = readFileSync(page, 'utf8');
  expect(withRemovals(text, readRemovals(root), (slug) => readReserves(root, slug))).toBe(text);
});

describe.each(architectures)('$id', ({ id, slug }) => {
  const template = synthesis.template(id).toJSON() as Template;
  const grants = grantsOf(template);
  const removals = readRemovals(root)[slug] ?? {};

  it('grants what docs/permissions.md says, and nothing else: npm run least-privilege -- --write', () => {
    const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
    const section = text.split(/^## /m).find((one) => one.startsWith(`${slug}\n`)) ?? '';
    const rows = [...section.matchAll(/^\| (\w+ \| [\w:*-]+ \| [^|]+?) \|/gm)].map(([, key]) => key);
    expect(rows.filter((row) => row !== 'function | action | on')).toEqual(grants.map(rowKey));
  });

  it('has no permission left unused in docs/permissions.md', () => {
    expect(readFileSync(page, 'utf8')).not.toContain('| unused |');
  });

  it('has a check that fails without each permission, or the reason why none does: npm run least-privilege -- --mutate --write', () => {
    const reserves = readReserves(root, slug);
    const unnoticed = grants.filter(
      (grant) =>
        isEnforced(grant, template) &&
        removals[rowKey(grant)] === undefined &&
        !reserves.some((reserve) => covers(reserve, grant)),
    );
    expect(unnoticed.map(rowKey)).toEqual([]);
  });

  it('has checks by the names that notice a removal, and none for what is not granted any more', () => {
    const folder = join(root, 'scenarios', slug);
    const source = readdirSync(folder).map((file) =>
      file.endsWith('.ts') ? readFileSync(join(folder, file), 'utf8') : '',
    );
    for (const check of new Set(Object.values(removals))) expect(source.join('\n')).toContain(`name: '${check}'`);
    const keys = grants.map(rowKey);
    expect(Object.keys(removals).filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('reserves only what it grants', () => {
    const unknown = readReserves(root, slug).filter(
      (one) => !grants.some(({ name, action }) => name === one.function && action === one.action),
    );
    expect(unknown).toEqual([]);
  });
});
