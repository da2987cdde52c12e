import { browserArguments } from '../../../lambda/document-renderer/browser/browser-arguments';

const given = browserArguments('/tmp/profile');

it('maps every host to nothing', () => {
  expect(given).toContain('--host-resolver-rules=MAP * ~NOTFOUND');
});

it.each(['--disable-web-security', '--disable-site-isolation-trials', '--allow-running-insecure-content'])(
  'does not weaken the browser by %s',
  (argument) => {
    expect(given.filter((one) => one.startsWith(argument))).toEqual([]);
  },
);

it('opens no port for its control', () => {
  expect(given.filter((one) => one.startsWith('--remote-debugging'))).toEqual(['--remote-debugging-pipe']);
});
