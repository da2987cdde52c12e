import type { Browser } from 'playwright-core';
import { pathToFileURL } from 'node:url';

/** As wide as a README on GitHub, where the picture is not scaled down; twice the pixels for fine displays. */
const viewport = { width: 830, height: 720 } as const;

/** Writes a PNG of the top of a report page in the light color scheme. */
export async function takeReadmePicture(browser: Browser, page: string, file: string): Promise<void> {
  const context = await browser.newContext({ viewport, deviceScaleFactor: 2, colorScheme: 'light' });
  try {
    const tab = await context.newPage();
    await tab.goto(pathToFileURL(page).href);
    await tab.screenshot({ path: file });
  } finally {
    await context.close();
  }
}
