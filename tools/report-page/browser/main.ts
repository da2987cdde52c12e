import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { parseOptions, runCommand } from '../../../operations/command-line/command';
import { workspaceOf } from '../../local/workspace';
import { accessibility, accessibilityTree, headings, keyboard, overflow } from './checks';
import { findBrowser } from './find-browser';
import { crowdedPage, pages } from './pages';

const root = join(__dirname, '..', '..', '..');

const help = `Opens the report page in Chromium: one with all that a report can hold, and that of the last local run.

  npm run page [-- --option …]

  --pictures <folder>  keeps a picture of every page at every width and color scheme
  --help               this text

At the width of a desktop and of a phone, light and dark: nothing is fetched, no error is logged, nothing is too wide, headings
are in order, Tab reaches everything with a ring, and axe-core finds nothing; contrast is looked at on the page that has all.
CHROME names the browser; without it chromium or google-chrome on the path is taken. Where there is none, this says so and ends
well, but in CI (CI=true) it fails. Exit code: 0 nothing to complain of or no browser, 1 something is, 2 wrong usage.`;

const widths = { desktop: 1_280, phone: 390 } as const;
const schemes = ['light', 'dark'] as const;

async function main(): Promise<number> {
  const { values } = parseOptions({ options: { pictures: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const executablePath = findBrowser(process.env);
  if (executablePath === undefined) {
    console.error('skipped, there is no browser: install chromium (apt install chromium) or set CHROME to its path');
    return process.env['CI'] === 'true' ? 1 : 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'report-pages-'));
  const browser = await chromium.launch({ executablePath });
  try {
    return (await tryAll(browser, folder, values.pictures)) ? 0 : 1;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(browser: Browser, folder: string, pictures: string | undefined): Promise<boolean> {
  let complaints = 0;
  for (const [what, html] of await pages(workspaceOf(root))) {
    const file = join(folder, `${what.replaceAll(' ', '-')}.html`);
    writeFileSync(file, html);
    for (const [device, width] of Object.entries(widths)) {
      for (const colorScheme of schemesFor(what, width)) {
        const started = Date.now();
        const found = await tryOne(browser, { file, width, colorScheme, pictures, isCrowded: what === crowdedPage });
        complaints += found.length;
        const seconds = ((Date.now() - started) / 1000).toFixed(1);
        console.log(`${found.length === 0 ? '✓' : '✗'} ${what}, ${device} (${width} px), ${colorScheme}: ${seconds} s`);
        for (const one of found) console.log(`    ${one}`);
      }
    }
  }
  return complaints === 0;
}

/** The page with everything is tried in both schemes at both widths; the others, which hold less, in each once. */
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
}

async function tryOne(browser: Browser, { file, width, colorScheme, pictures, isCrowded }: Trial): Promise<string[]> {
  // Nothing moves while positions are read.
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    const noticed = notice(page);
    const address = pathToFileURL(file).href;
    await page.goto(address);
    // The order of a page is the same at both widths and in both schemes; the ring is looked at in both.
    const isTabbed = width === widths.desktop ? colorScheme === 'light' : colorScheme === 'dark' && isCrowded;
    const asOpened = [...(await overflow(page)), ...(await headings(page)), ...(isTabbed ? await keyboard(page) : [])];
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

/** Gathers errors and requests as they happen; the page itself and what it embeds are none. */
function notice(page: Page): string[] {
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

async function takePicture(page: Page, folder: string, name: string, file: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const what = file.replace(/^.*[/\\]/, '').replace(/\.html$/, '');
  await page.screenshot({ path: join(folder, `${what}-${name}.png`), fullPage: true });
}

void runCommand(main);
