import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tailOf } from '../../../tools/local/log-file';

test('the last lines are returned indented', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'log-')), 'a.log');
  writeFileSync(file, 'one\ntwo\nthree\n\n');
  expect(tailOf(file, 2)).toBe('    two\n    three');
});

test('a missing log has no lines', () => {
  expect(tailOf('/no/such/log')).toBe('');
});
