import { loadSettings } from '../../../lib/config';
import { volumeCleanupSettings } from '../../../lib/volume-cleanup/volume-cleanup-settings';

const load = (settings: unknown) =>
  loadSettings({ 'volume-cleanup': settings }, 'volume-cleanup', volumeCleanupSettings);

it.each([
  [{ minimumAgeDays: 0 }, 'volume-cleanup.minimumAgeDays: received 0: use at least 1'],
  [{ graceDays: 0 }, 'volume-cleanup.graceDays: received 0: use at least 1'],
  [{ dryRun: 'no' }, 'volume-cleanup.dryRun: received "no"'],
  [{ dryrun: false }, "unknown key 'dryrun'"],
  [{ regions: ['eu-west'] }, 'use a region'],
  [{ recycleBinDays: 366 }, 'volume-cleanup.recycleBinDays: received 366: use at most 365'],
  [{ otherKinds: ['volumes'] }, 'volume-cleanup.otherKinds'],
])('%j is refused in one line', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});

it('a stack without settings deletes and releases nothing', () => {
  expect(load({})).toMatchObject({ dryRun: true, releaseAddresses: false });
});
