import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localize, rules } from '../../../tools/local/localize';
import { host, nodeFunction, writeAssembly } from './localize/small-assembly';

test('the copy is changed and the original is not', () => {
  const from = writeAssembly({ Resize: nodeFunction(), Log: { Type: 'AWS::EC2::FlowLog' } });
  const before = readFileSync(join(from, 'Photos.template.json'), 'utf8');
  const to = join(mkdtempSync(join(tmpdir(), 'localized-')), 'copy');
  const applied = localize({ from, to }, host);
  expect(applied.map(({ name }) => name)).toEqual(['bootstrap-roles', 'refused-types', 'runtime-client', 'new-hashes']);
  expect(readFileSync(join(from, 'Photos.template.json'), 'utf8')).toBe(before);
  expect(readFileSync(join(to, 'Photos.template.json'), 'utf8')).toContain('provided.al2023');
});

test('every rule has a file and a test of its name, and a reason', () => {
  const names = rules.map(({ name }) => name).sort();
  const files = readdirSync(join(__dirname, '../../../tools/local/localize')).map((file) => file.replace('.ts', ''));
  const tests = readdirSync(join(__dirname, 'localize')).map((file) => file.replace('.test.ts', ''));
  expect(files).toEqual(expect.arrayContaining(names));
  expect(tests).toEqual(expect.arrayContaining(names));
  for (const { reason } of rules) expect(reason.length).toBeGreaterThan(10);
});
