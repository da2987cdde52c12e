import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../../tools/local/process-identity';
import {
  createRunRecord,
  isActive,
  newRunRecord,
  readRunRecord,
  removeRunRecord,
  writeRunRecord,
} from '../../../tools/local/run-record';

const fileOf = (): string => join(mkdtempSync(join(tmpdir(), 'record-')), '.local', 'run.json');
const nobody = { pid: 2 ** 22 + 1, started: 'never' };

test('the first run to reserve a checkout gets it, and no draft file is left', () => {
  const file = fileOf();
  const [first, second] = [newRunRecord(new Date(1)), newRunRecord(new Date(2))];
  expect([createRunRecord(file, first), createRunRecord(file, second)]).toEqual([true, false]);
  expect(readRunRecord(file)).toEqual(first);
  expect(readdirSync(join(file, '..'))).toEqual(['run.json']);
});

test('a record that was removed can be claimed again', () => {
  const file = fileOf();
  createRunRecord(file, newRunRecord(new Date(1)));
  removeRunRecord(file);
  expect(readRunRecord(file)).toBeUndefined();
  expect(createRunRecord(file, newRunRecord(new Date(2)))).toBe(true);
});

test('a written record is read unchanged', () => {
  const file = fileOf();
  const record = newRunRecord(new Date(1));
  createRunRecord(file, record);
  const changed = { ...record, kept: true, children: [{ ...nobody, what: 'emulator' }], temporaryFolder: '/tmp/x' };
  writeRunRecord(file, changed);
  expect(readRunRecord(file)).toEqual(changed);
});

test('a record that cannot be read names no process', () => {
  const file = fileOf();
  createRunRecord(file, newRunRecord(new Date(1)));
  writeFileSync(file, '{"id":');
  const record = readRunRecord(file);
  expect(record?.children).toEqual([]);
  expect(record && isActive(record)).toBe(false);
});

test('a run is active while its owner is alive, a kept stack while its emulator is alive', () => {
  const record = newRunRecord(new Date());
  const self = identify(process.pid)!; // This very process is there.
  const emulator = [{ ...self, what: 'emulator' }];
  expect(isActive(record)).toBe(true);
  expect(isActive({ ...record, owner: nobody })).toBe(false);
  expect(isActive({ ...record, owner: nobody, children: emulator })).toBe(false);
  expect(isActive({ ...record, owner: nobody, kept: true, children: emulator })).toBe(true);
  expect(isActive({ ...record, kept: true })).toBe(false);
});
