import { openApi, routes } from '../../../lib/rest-api/openapi';
import { openApiPage, type Description } from '../../../tools/docs/openapi-page';

const description = openApi() as unknown as Description;
const page = openApiPage(description);

it('the page of the description has every route with its answers, and every schema', () => {
  for (const { method, path, success } of routes) {
    const section = page.slice(page.indexOf(`>${method} ${path}</h2>`));
    expect(section.slice(0, section.indexOf('</section>'))).toContain(`<th scope="row">${success.status}</th>`);
  }
  for (const name of Object.keys(description.components.schemas)) expect(page).toContain(`id="schema-${name}"`);
});

it('every link of the page has its target, once', () => {
  const targets = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(targets).size).toBe(targets.length);
  const links = [...page.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => href);
  expect(links.filter((href) => !targets.includes(href.slice(1)))).toEqual([]);
});

it('the page runs no script, loads nothing and repeats the description as text', () => {
  expect(page).not.toMatch(/<script|<link|<img|\son\w+=|src=|url\(/);
  const hostile = '<img src=x onerror=alert(1)>';
  const { info, paths, components } = description;
  expect(openApiPage({ paths, components, info: { ...info, title: hostile } })).not.toContain(hostile);
});
