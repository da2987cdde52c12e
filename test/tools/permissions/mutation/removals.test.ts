import { mergeRemovals } from '../../../../tools/permissions/mutation/removals';
import type { Grant } from '../../../../tools/template/grants';

const grant = (action: string): Grant => ({ function: 'F', name: 'Copy', action, resource: 'B', on: 'Backup' });
const key = (action: string) => `Copy | ${action} | Backup`;

it('what was found now comes in place of what was known, and what is not granted any more goes', () => {
  const known = { [key('a:Kept')]: 'smoke-test', [key('a:Lost')]: 'smoke-test', [key('a:Gone')]: 'smoke-test' };
  const found = [
    { grant: grant('a:New'), noticedBy: 'proof', because: '' },
    { grant: grant('a:Lost'), because: 'nothing' },
  ];
  expect(mergeRemovals(known, [key('a:New'), key('a:Kept'), key('a:Lost')], found)).toEqual({
    [key('a:New')]: 'proof',
    [key('a:Kept')]: 'smoke-test',
  });
});
