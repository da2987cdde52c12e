import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentBrowser } from '../../../lambda/document-renderer/browser/browser';

/** Browser that answers nothing, and runs a program instead. */
function browserThat(program: string, maximumMegabytes: number): DocumentBrowser {
  const workFolder = mkdtempSync(join(tmpdir(), 'browser-'));
  const executable = join(workFolder, 'chromium');
  writeFileSync(executable, `#!${process.execPath}\n${program}; setInterval(() => undefined, 1_000);`, { mode: 0o755 });
  return new DocumentBrowser({ layerFolder: workFolder, workFolder, maximumMegabytes, executable });
}

const limits = { maximumPages: 1, maximumBytes: 1_000 };

// Other systems do not tell the memory of a process in a file.
const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('a browser that needs more memory than it may have is killed, and its document refused', async () => {
  const browser = browserThat('globalThis.taken = Buffer.alloc(300_000_000, 1)', 200);
  await expect(browser.render('', limits, AbortSignal.timeout(10_000))).rejects.toMatchObject({
    reason: 'out-of-memory',
  });
  expect(browser.takePeakMegabytes()).toBeGreaterThan(200);
});

it('a browser that does not answer is killed in time', async () => {
  const browser = browserThat('0', 1_000);
  await expect(browser.render('', limits, AbortSignal.timeout(200))).rejects.toMatchObject({
    name: 'RenderTimeoutError',
  });
});

it.each([
  ['process.exit(3)', '3'],
  ["process.kill(process.pid, 'SIGKILL')", 'SIGKILL'],
])('a browser that ends by %s alone is replaced once for the same document', async (end, cause) => {
  const starts = join(mkdtempSync(join(tmpdir(), 'starts-')), 'starts');
  const browser = browserThat(`require('node:fs').appendFileSync('${starts}', 'x'); ${end}`, 1_000);
  await expect(browser.render('', limits, AbortSignal.timeout(10_000))).rejects.toThrow(`the browser ended (${cause})`);
  expect(readFileSync(starts, 'utf8')).toBe('xx');
});

it('a browser that ends is a failure of the browser', async () => {
  const browser = browserThat('process.exit(3)', 1_000);
  await expect(browser.render('', limits, AbortSignal.timeout(10_000))).rejects.toMatchObject({
    name: 'BrowserFailedError',
    message: 'the browser ended (3)',
  });
});
