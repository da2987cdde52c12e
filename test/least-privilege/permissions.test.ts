import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { grantsOf } from '../../least-privilege/grants';
import type { Template } from '../../template/template';
import { rowKey } from '../../least-privilege/permissions-page';
import { readReserves } from '../../least-privilege/reserves';
import { architectures } from '../../lib/architectures';
import { root, synthesize } from '../synthesis';

const page = join(root, 'docs', 'permissions.md');
const synthesis = synthesize({ 'aws:cdk:enable-path-metadata': true });

describe.each(architectures)('$id', ({ id, slug }) => {
  const grants = grantsOf(synthesis.template(id).toJSON() as Template);

  it('grants what docs/permissions.md says, and nothing else: npm run least-privilege -- --write', () => {
    const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
    const section = text.split(/^## /m).find((one) => one.startsWith(`${slug}\n`)) ?? '';
    const rows = [...section.matchAll(/^\| (\w+ \| [\w:*-]+ \| [^|]+?) \|/gm)].map(([, key]) => key);
    expect(rows.filter((row) => row !== 'function | action | on')).toEqual(grants.map(rowKey));
  });

  it('has no permission left unused in docs/permissions.md', () => {
    expect(readFileSync(page, 'utf8')).not.toContain('| unused |');
  });

  it('reserves only what it grants', () => {
    const unknown = readReserves(root, slug).filter(
      (one) => !grants.some(({ name, action }) => name === one.function && action === one.action),
    );
    expect(unknown).toEqual([]);
  });
});
