import { permissionTables } from '../../../tools/report-page/permissions';
import { sampleFacts } from '../local/sample-facts';

const { permissions } = sampleFacts();
const page = (complete: boolean): string => permissionTables('image-resize', { ...permissions, complete })?.text ?? '';

it('an unused permission is marked and open once all proofs ran', () => {
  const html = page(true);
  expect(html).toContain('<details class="role" open>');
  expect(html).toMatch(/Object<\/code><\/th><td>any resource<\/td><td><span class="standing failed">unused/);
  expect(html).toContain('4 permissions · 1 used · 1 by the service · 1 accepted · 1 unused');
});

it('an unused permission is not marked where other proofs may use it', () => {
  const html = page(false);
  expect(html).not.toMatch(/ open>|standing failed/);
  expect(html).toContain('<span class="standing">not used here</span>');
});

it('a row has the calls that used the permission, or the reason to keep it', () => {
  const html = page(true);
  expect(html).toContain('by the service</span><small>Lambda writes the log</small>');
  expect(html).toContain('accepted</span><small>a photo that is taken back while it is resized</small>');
});

it('a call with the name of its action is not repeated', () => {
  expect(page(true)).toContain(
    's3:<wbr>Put<wbr>Object</code></th><td>Resized</td><td><span class="standing passed">used</span></td>',
  );
});

it('functions without permissions have no table', () => {
  expect(permissionTables('image-resize', { complete: true, grants: [] })).toBeUndefined();
});
