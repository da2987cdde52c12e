import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunFolder } from '../../../tools/account/run-folder';
import type { ScenarioReport } from '../../../tools/scenario-runner/scenario-report';

const report = (failed: number): ScenarioReport => ({
  ...{ target: 'AWS', startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, seed: 1 },
  ...{ passed: 1 - failed, failed, skipped: 0, checks: [] },
});
let folder: RunFolder;
beforeEach(() => {
  folder = new RunFolder(join(mkdtempSync(join(tmpdir(), 'account-')), 'run'));
});

it("a stack is the run's own once the run has made it, and no other of that name", () => {
  const isOwn = (StackId: string, hours = 0): boolean =>
    folder.isOwn({ StackId, CreationTime: new Date(hours * 3_600_000) });
  expect(isOwn('arn:1')).toBe(false);
  folder.begin(1, {});
  // Cut off before the stack was known: by the time of its creation.
  expect([isOwn('arn:1'), isOwn('arn:1', 24)]).toEqual([true, false]);
  folder.own('arn:1');
  expect([isOwn('arn:1', 24), isOwn('arn:2')]).toEqual([true, false]);
  folder.end();
  expect(isOwn('arn:1')).toBe(false);
});

it('a second start keeps the first time and the checks that passed on the same template', () => {
  folder.begin(1, { a: 1 });
  folder.own('arn:1');
  writeFileSync(folder.checkFile('good'), JSON.stringify(report(0)));
  writeFileSync(folder.checkFile('bad'), JSON.stringify(report(1)));
  folder.begin(2, { a: 1 });
  expect(folder.record).toMatchObject({ startedAt: 1, stackId: 'arn:1' });
  expect(folder.passed('good')).toMatchObject({ passed: 1 });
  expect(folder.passed('bad')).toBeUndefined();
  folder.begin(3, { a: 2 });
  expect(folder.passed('good')).toBeUndefined();
});
