import { hostBrowser, hostBrowserOf } from '../../../../tools/local/localize/host-browser';
import { assemblyOf, host, nodeFunction, templateOf } from './small-assembly';

const Environment = { Variables: { CHROMIUM_FOLDER: '/opt/chromium' } };

test('a function with a browser in its layer gets the browser of a machine that cannot run it', () => {
  const assembly = assemblyOf({ Render: nodeFunction({ Environment }), Other: nodeFunction() });
  expect(hostBrowser.apply(assembly, { ...host, browser: '/usr/bin/chromium' })).toEqual(['Photos/Resize']);
  expect(templateOf(assembly).Resources['Render']?.Properties?.['Environment']).toEqual({
    Variables: { CHROMIUM_FOLDER: '/opt/chromium', CHROMIUM_EXECUTABLE: '/usr/bin/chromium' },
  });
});

test('on Linux on x86-64 the browser of the layer is used', () => {
  const assembly = assemblyOf({ Render: nodeFunction({ Environment }) });
  expect(hostBrowser.apply(assembly, host)).toEqual([]);
});

test('a browser is looked for only where the layer does not run', () => {
  const env = { CHROME: process.execPath };
  expect(hostBrowserOf({ platform: 'darwin', arch: 'arm64', env })).toEqual({ browser: process.execPath });
  expect(hostBrowserOf({ platform: 'linux', arch: 'arm64', env })).toEqual({ browser: process.execPath });
  expect(hostBrowserOf({ platform: 'linux', arch: 'x64', env })).toEqual({});
});
