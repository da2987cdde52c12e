import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { findBrowser } from '../shared/browser/find-browser';
import { accessibility, accessibilityTree, headings, keyboard, overflow } from '../shared/browser/page-checks';
import type { Check, ScenarioRun } from '../shared/scenario';
import { waitForLink } from './approval-pages';
import { openDeployment } from './deployment';
import { submit, waitForStatus } from './requests';

const desktop = { width: 1_280, height: 900 };
const phone = { width: 360, height: 740 };
const looks = [
  ['desktop, light', desktop, 'light'],
  ['desktop, dark', desktop, 'dark'],
  ['phone, light', phone, 'light'],
  ['phone, dark', phone, 'dark'],
] as const;

export const pageProof: Check = {
  name: 'page',
  title: 'approvers read and decide by keyboard and screen reader, on a phone, in the dark and without JavaScript',
  needs: 'browser',
  async run(run) {
    const deployment = await openDeployment(run);
    const purpose = `Tests of a release\n${'a-very-long-word-'.repeat(12)} <b>bold</b>`;
    const approvedId = await submit(deployment, 'approved', { purpose });
    const refusedId = await submit(deployment, 'refused', { purpose });
    const approved = await waitForLink(deployment, approvedId, 'ben');
    const refused = await waitForLink(deployment, refusedId, 'ben');
    const executablePath = findBrowser(process.env);
    if (executablePath === undefined) throw new Error('no Chromium was found');
    const browser = await chromium.launch({ executablePath });
    run.cleanUp('the browser', () => browser.close());
    // The local run's certificate is its own.
    const common = { ignoreHTTPSErrors: run.faults !== undefined, reducedMotion: 'reduce' } as const;
    for (const [title, viewport, colorScheme] of looks) {
      await run.step(title, () => look(run, browser, approved, title, { ...common, viewport, colorScheme }));
    }
    await run.step('approve without JavaScript', async () => {
      const options = { ...common, viewport: phone, colorScheme: 'dark', javaScriptEnabled: false } as const;
      const page = await open(browser, approved, options);
      run.assertEqual(await press(page, ['Tab', 'Enter']), 'Approved', 'page after Tab and Enter');
    });
    await run.step('refuse', async () => {
      const page = await open(browser, refused, { ...common, viewport: desktop });
      run.assertEqual(await press(page, ['Tab', 'Tab', 'Space']), 'Refused', 'page after Tab, Tab and Space');
      run.assertEqual(await accessibility(page, true), [], 'problems of the answer that axe-core finds');
    });
    await waitForStatus(deployment, approvedId, ['approved', 'running']);
    await waitForStatus(deployment, refusedId, ['refused']);
  },
};

async function open(browser: Browser, link: string, options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(link);
  return page;
}

/** Presses keys, of which the last sends the form; returns the heading of the answer. */
async function press(page: Page, keys: readonly string[]): Promise<string | null> {
  for (const key of keys) await page.keyboard.press(key);
  return page.locator('h1', { hasNotText: 'Approve a machine?' }).textContent();
}

/** Looks at the page as it is shown in these circumstances: nothing else is loaded, and no check finds a problem. */
async function look(
  run: ScenarioRun,
  browser: Browser,
  link: string,
  title: string,
  options: BrowserContextOptions,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const noticed: string[] = [];
  page.on('console', (message) => noticed.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) noticed.push(`request: ${request.url()}`);
  });
  const response = await page.goto(link);
  run.assertEqual(response?.status(), 200, 'status of the page');
  const session = await context.newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as {
    nodes: readonly { readonly role?: { readonly value?: unknown }; readonly name?: { readonly value?: unknown } }[];
  };
  const buttons = nodes.filter(({ role }) => role?.value === 'button').map(({ name }) => name?.value);
  run.assertEqual(buttons, ['Approve', 'Refuse'], 'buttons of the accessibility tree');
  const problems = [
    ...noticed,
    ...(await overflow(page)),
    ...(await headings(page)),
    ...(await keyboard(page)),
    ...(await accessibility(page, true)),
    ...(await accessibilityTree(session)),
  ];
  run.assertEqual(problems, [], 'problems');
  run.picture('approval page', title, await page.screenshot({ fullPage: true }), 'image/png');
  await context.close();
}
