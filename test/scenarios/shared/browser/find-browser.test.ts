import { delimiter } from 'node:path';
import { findBrowser } from '../../../../scenarios/shared/browser/find-browser';

const there =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file);
const PATH = ['/usr/bin', '/opt/bin'].join(delimiter);

it('the browser that CHROME names is taken, or none', () => {
  const installed = there('/usr/bin/chromium', '/opt/own');
  expect(findBrowser({ PATH, CHROME: '/opt/own' }, installed)).toBe('/opt/own');
  expect(findBrowser({ PATH, CHROME: '/opt/gone' }, installed)).toBeUndefined();
});

it('without it chromium comes before google-chrome, wherever on the path they are', () => {
  expect(findBrowser({ PATH, CHROME: '' }, there('/usr/bin/google-chrome', '/opt/bin/chromium'))).toBe(
    '/opt/bin/chromium',
  );
  expect(findBrowser({ PATH }, there('/opt/bin/google-chrome'))).toBe('/opt/bin/google-chrome');
  expect(findBrowser({}, there('/usr/bin/chromium'))).toBeUndefined();
});
