import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { UsageError, parseOptions, runCommand } from '../../../operations/command-line/command';
import { workspaceOf } from '../../local/workspace';
import { findBrowser } from '../../../scenarios/shared/browser/find-browser';
import {
  accessibility,
  accessibilityTree,
  headings,
  keyboard,
  overflow,
} from '../../../scenarios/shared/browser/page-checks';
import { crowdedPage, pages, smokeTestPage } from './pages';
import { takeReadmePicture } from './picture';

const root = join(__dirname, '..', '..', '..');

const help = `Checks pages in Chromium: reports with every kind of content, that of the last local run, and docs/openapi.html.

  npm run page [-- --option …]

  --picture <file>     only writes a picture of the last run's page, as in the README: docs/local-run-report.png
  --pictures <folder>  keeps a screenshot of every page at every width and color scheme
  --help               this text

At the width of a desktop and of a phone, light and dark: no request, no error, nothing too wide, headings in order, Tab reaches
everything with a focus ring, axe-core finds nothing. The page of a smoke-test run is below 8,000 px and 3 MB.
CHROME names the browser; without it chromium or google-chrome on the PATH is used. Without a browser the checks are skipped, but
fail with CI=true. Exit code: 0 no problem or no browser, 1 a problem, 2 wrong usage.`;

const maximumHeight = 8_000;
const maximumBytes = 3_000_000;
const widths = { desktop: 1_280, phone: 390 } as const;
const schemes = ['light', 'dark'] as const;

async function main(): Promise<number> {
  const { values } = parseOptions({
    options: { picture: { type: 'string' }, pictures: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const executablePath = findBrowser(process.env);
  if (executablePath === undefined) {
    console.error('skipped: no browser was found: install chromium (apt install chromium) or set CHROME to its path');
    return process.env['CI'] === 'true' ? 1 : 0;
  }
  const { reportPage } = workspaceOf(root);
  if (values.picture !== undefined && !existsSync(reportPage)) {
    throw new UsageError(`--picture ${values.picture}: there is no ${reportPage}: run npm run local first`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'report-pages-'));
  const browser = await chromium.launch({ executablePath });
  try {
    if (values.picture !== undefined) {
      await takeReadmePicture(browser, reportPage, values.picture);
      return 0;
    }
    return (await tryAll(browser, folder, values.pictures)) ? 0 : 1;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(browser: Browser, folder: string, pictures: string | undefined): Promise<boolean> {
  let problems = 0;
  for (const [what, html] of await pages(workspaceOf(root))) {
    const file = join(folder, `${what.replaceAll(' ', '-')}.html`);
    writeFileSync(file, html);
    for (const [device, width] of Object.entries(widths)) {
      for (const colorScheme of schemesFor(what, width)) {
        const started = Date.now();
        const found = await tryOne(browser, {
          file,
          width,
          colorScheme,
          pictures,
          isCrowded: what === crowdedPage,
          isSmokeTestPage: what === smokeTestPage,
        });
        problems += found.length;
        const seconds = ((Date.now() - started) / 1000).toFixed(1);
        console.log(`${found.length === 0 ? '✓' : '✗'} ${what}, ${device} (${width} px), ${colorScheme}: ${seconds} s`);
        for (const one of found) console.log(`    ${one}`);
      }
    }
  }
  return problems === 0;
}

/** The page with everything is checked in both schemes at both widths, the others once in each scheme. */
function schemesFor(what: string, width: number): readonly (typeof schemes)[number][] {
  if (what === crowdedPage) return schemes;
  return width === widths.desktop ? ['light'] : ['dark'];
}

interface Trial {
  readonly file: string;
  readonly width: number;
  readonly colorScheme: (typeof schemes)[number];
  readonly pictures: string | undefined;
  /** Whether every kind of element is on it. */
  readonly isCrowded: boolean;
  /** Whether it is a run of smoke tests, whose page has limits. */
  readonly isSmokeTestPage: boolean;
}

async function tryOne(
  browser: Browser,
  { file, width, colorScheme, pictures, isCrowded, isSmokeTestPage }: Trial,
): Promise<string[]> {
  // Nothing must move while positions are read.
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    const noticed = observe(page);
    const address = pathToFileURL(file).href;
    await page.goto(address);
    // The order is the same at both widths and in both schemes; the focus ring is checked in both.
    const isTabbed = width === widths.desktop ? colorScheme === 'light' : colorScheme === 'dark' && isCrowded;
    const tooLong = isSmokeTestPage && width === widths.desktop ? await limits(page, file) : [];
    const asOpened = [
      ...tooLong,
      ...(await overflow(page)),
      ...(await headings(page)),
      ...(isTabbed ? await keyboard(page) : []),
    ];
    if (pictures !== undefined) await takePicture(page, pictures, `${width}-${colorScheme}`, file);
    await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
    const session = await context.newCDPSession(page);
    const unfolded = [
      ...(await overflow(page)),
      ...(await headings(page)),
      ...(await accessibility(page, isCrowded)),
      ...(await accessibilityTree(session)),
    ];
    return [...new Set([...noticed, ...asOpened, ...unfolded])];
  } finally {
    await context.close();
  }
}

/** Collects errors and requests, except for the page itself and embedded data. */
function observe(page: Page): string[] {
  const noticed: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) noticed.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => noticed.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const isOwn = request.isNavigationRequest() || request.url().startsWith('data:');
    if (!isOwn) noticed.push(`request: ${request.url()}`);
  });
  return noticed;
}

/** The page of a smoke-test run is short enough to scroll through and small enough to send. */
async function limits(page: Page, file: string): Promise<string[]> {
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  const { size } = statSync(file);
  return [
    ...(height < maximumHeight ? [] : [`too long: ${height} px, at most ${maximumHeight}`]),
    ...(size < maximumBytes ? [] : [`too large: ${size} bytes, at most ${maximumBytes}`]),
  ];
}

async function takePicture(page: Page, folder: string, name: string, file: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const what = file.replace(/^.*[/\\]/, '').replace(/\.html$/, '');
  await page.screenshot({ path: join(folder, `${what}-${name}.png`), fullPage: true });
}

void runCommand(main);
