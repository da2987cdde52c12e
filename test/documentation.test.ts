import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf } from './pages';
import { root } from './synthesis';

const folders = ['.', '.github', 'docs', 'lib', 'operations', 'scenarios', 'tools'];
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => normalize(join(folder, file))),
);

function isBroken(page: string, link: string): boolean {
  const [path = '', anchor = ''] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, target))) return true;
  return (
    anchor !== '' && target.endsWith('.md') && !anchorsOf(readFileSync(join(root, target), 'utf8')).includes(anchor)
  );
}

it.each(pages)('links of %s lead somewhere', (page) => {
  const prose = readFileSync(join(root, page), 'utf8').replace(/```[^]*?```/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const own = links.filter((link) => !/^(https?|mailto):/.test(link));
  expect(own.filter((link) => isBroken(page, link))).toEqual([]);
});

it.each(pages.filter((page) => page !== 'CHANGELOG.md'))('commands of %s exist', (page) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const named = [...readFileSync(join(root, page), 'utf8').matchAll(/npm run ([a-z][\w:-]*)/g)].map(
    ([, name = '']) => name,
  );
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

it('each decision has a number of its own, in its file name and its title', () => {
  const files = readdirSync(join(root, 'docs', 'adr')).filter((file) => /^\d/.test(file));
  const numbers = files.map((file) => Number(file.slice(0, 4)));
  expect(numbers).toEqual([...new Set(numbers)]);
  const titles = files.map((file) => readFileSync(join(root, 'docs', 'adr', file), 'utf8').match(/^# (\d+)\./)?.[1]);
  expect(titles).toEqual(numbers.map(String));
});

it('proofs that SECURITY.md names exist', () => {
  const rows = readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(/\bproofs? ([^|\n]*)/g);
  const named = [...rows].flatMap(([, text = '']) => [...text.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name));
  const scenarios = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'scenarios', file), 'utf8'))
    .join('\n');
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !scenarios.includes(`name: '${name}'`))).toEqual([]);
});
