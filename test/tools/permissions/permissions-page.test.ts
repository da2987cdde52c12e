import { permissionsPage, rowKey, withRemovals } from '../../../tools/permissions/permissions-page';
import type { Verdict } from '../../../tools/permissions/verdicts';

const verdict = (action: string, status: Verdict['status'], because = 'GetObject, HeadObject'): Verdict => ({
  grant: { function: 'F', name: 'Copy', action, resource: 'B', on: 'Buckets/Backup' },
  ...{ status, because },
});
const reading = verdict('s3:GetObject', 'used');
const listing = verdict('s3:ListBucket', 'used', 'a | b');
const logging = verdict('logs:PutLogEvents', 'by the service');
const page = permissionsPage([{ slug: 'backup', verdicts: [reading, listing, logging] }]);
const removals = { backup: { [rowKey(reading.grant)]: 'smoke-test' } };
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| Copy'));

it('each row ends in the check that notices, the reason why none does, or a dash', () => {
  const reserve = {
    ...{ function: 'Copy', action: 's3:ListBucket', despite: 'no failure' as const },
    reason: 'nothing is ever missing here',
  };
  expect(rowsOf(withRemovals(page, removals, () => [reserve]))).toEqual([
    '| Copy | s3:GetObject | Buckets/Backup | used | GetObject, HeadObject | smoke-test |',
    '| Copy | s3:ListBucket | Buckets/Backup | used | a \\| b | nothing: nothing is ever missing here |',
    '| Copy | logs:PutLogEvents | Buckets/Backup | by the service | GetObject, HeadObject | – |',
  ]);
});

it('a page that has its last column is filled in anew', () => {
  const once = withRemovals(page, removals, () => []);
  expect(withRemovals(once, removals, () => [])).toBe(once);
  expect(rowsOf(withRemovals(once, {}, () => []))[0]).toMatch(/\| not known \|$/);
});
