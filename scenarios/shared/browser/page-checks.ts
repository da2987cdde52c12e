import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';

/** Problems of a page, one line each. */
type Problems = Promise<string[]>;

// Scripts for the page are text: the compiler knows no document here.
const overflowing = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
  const names = wide.map((one) => one.tagName.toLowerCase() + '.' + one.getAttribute('class'));
  return [scrollWidth + ' px, where the window has ' + clientWidth + '; among ' + [...new Set(names)].slice(0, 8).join(', ')];
})()`;

/** The page is not wider than the window; wider parts scroll on their own. */
export async function overflow(page: Page): Problems {
  return (await page.evaluate<string[]>(overflowing)).map((what) => `too wide: ${what}`);
}

const headingLevels = `[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .filter((one) => one.checkVisibility())
  .map((one) => ({ level: Number(one.tagName[1]), text: one.textContent.trim().slice(0, 60) }))`;

/** One heading of the first level, and none that skips a level. */
export async function headings(page: Page): Problems {
  const found = await page.evaluate<{ level: number; text: string }[]>(headingLevels);
  const tops = found.filter(({ level }) => level === 1).length;
  const skips = found.filter(({ level }, index) => level > (found[index - 1]?.level ?? 0) + 1);
  return [
    ...(tops === 1 && found[0]?.level === 1 ? [] : [`headings: ${tops} of the first level, where one begins the page`]),
    ...skips.map(({ level, text }) => `headings: '${text}' of level ${level} follows one that is two or more above it`),
  ];
}

const interactive = `(() => {
  window.interactive = [...document.querySelectorAll('a[href], summary, [tabindex="0"], button, input')]
    .filter((one) => one.checkVisibility());
  return window.interactive.map((one) => one.tagName.toLowerCase() + ' "' + (one.getAttribute('aria-label') ?? one.textContent.trim()).slice(0, 50) + '"');
})()`;

const focused = `(() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const isInSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { index: window.interactive.indexOf(one), ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, isInSight };
})()`;

/** Tab reaches every interactive element, in the order of the page, in sight and with a focus ring. */
export async function keyboard(page: Page): Problems {
  const names = await page.evaluate<string[]>(interactive);
  const problems: string[] = [];
  const seen: number[] = [];
  for (let press = 0; press < names.length; press += 1) {
    await page.keyboard.press('Tab');
    const { index, ringed, isInSight } = await page.evaluate<{ index: number; ringed: boolean; isInSight: boolean }>(
      focused,
    );
    const name = names[index] ?? `something unknown after ${names[seen.at(-1) ?? 0]}`;
    if (!ringed) problems.push(`keyboard: ${name} has the focus and no ring`);
    if (!isInSight) problems.push(`keyboard: ${name} has the focus and is out of sight`);
    if (index <= (seen.at(-1) ?? -1)) problems.push(`keyboard: ${name} comes out of the page's order`);
    seen.push(index);
  }
  const missed = names.filter((_, index) => !seen.includes(index));
  return [...problems, ...missed.map((name) => `keyboard: Tab does not reach ${name}`)].slice(0, 10);
}

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const axeRun = (
  isContrastSeen: boolean,
): string => `axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: ${isContrastSeen} } } }).then(({ violations }) => violations.map(
  ({ id, impact, help, nodes }) => ({ id, impact, help, places: nodes.slice(0, 3).map(({ target, failureSummary }) => target.join(' ') + ': ' + failureSummary.split('\\n')[1].trim()) })))`;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly places: readonly string[];
}

/**
 * Rules of axe-core: WCAG and best practices.
 *
 * @param isContrastSeen whether to check contrast, which takes most of the time on a long page
 */
export async function accessibility(page: Page, isContrastSeen: boolean): Problems {
  await page.evaluate(axeSource);
  const violations = await page.evaluate<Violation[]>(axeRun(isContrastSeen));
  return violations.map(({ id, impact, help, places }) => `axe ${id} (${impact}): ${help}; ${places.join('; ')}`);
}

const named = new Set(['image', 'img', 'SvgRoot', 'link', 'region', 'table', 'DisclosureTriangle', 'button']);

interface TreeNode {
  readonly ignored: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
}

/** Every picture, link, table and region has a name for screen readers. */
export async function accessibilityTree(session: Pick<CDPSession, 'send'>): Problems {
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: readonly TreeNode[] };
  const exposed = nodes.filter(({ ignored }) => !ignored);
  if (exposed.length < 20) return [`tree: ${exposed.length} nodes are no page`];
  const nameless = exposed.filter(
    ({ role, name }) => named.has(role?.value ?? '') && (name?.value ?? '').trim() === '',
  );
  const roles = Map.groupBy(nameless, ({ role }) => role?.value ?? '');
  return [...roles].map(([role, found]) => `tree: ${found.length} of role ${role} without a name`);
}
