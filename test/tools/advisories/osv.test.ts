import { advisoriesAbout, merged, packagesIn } from '../../../tools/advisories/osv';

const range = { type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] };
const vulnerability = (id: string, more: object = {}) => ({
  ...{ id, summary: 'left out', aliases: ['CVE-2026-1'] },
  affected: [
    { package: { ecosystem: 'npm', name: 'a' }, ranges: [range, { type: 'GIT', events: [{ introduced: '0' }] }] },
    { package: { ecosystem: 'PyPI', name: 'a' }, ranges: [range] },
  ],
  ...more,
});
const advisory = (id: string) => ({
  ...{ id, aliases: ['CVE-2026-1'] },
  affected: [{ package: { ecosystem: 'npm', name: 'a' }, ranges: [range] }],
});

it('reads the packages of lock files by their own names, each once', () => {
  const packages = {
    '': {},
    'node_modules/b': {},
    'node_modules/b/node_modules/@s/a': {},
    'node_modules/x': { name: 'b' },
  };
  expect(packagesIn([JSON.stringify({ packages })])).toEqual(['@s/a', 'b']);
});

it('asks for all pages, and keeps ranges of versions of npm that were not withdrawn', async () => {
  const asked: { url: string; body?: string | undefined }[] = [];
  const answers: Readonly<Record<string, object>> = {
    'GHSA-1': vulnerability('GHSA-1'),
    'GHSA-2': vulnerability('GHSA-2', { withdrawn: '2026-01-01T00:00:00Z' }),
    'GHSA-3': vulnerability('GHSA-3', { affected: [] }),
  };
  const ask = (url: string, body?: string) => {
    asked.push({ url, body });
    const id = /vulns\/(.*)/.exec(url)?.[1];
    if (id !== undefined) return Promise.resolve(JSON.stringify(answers[id]));
    const isSecond = body?.includes('"page_token":"next"') === true;
    const vulns = isSecond ? [{ id: 'GHSA-3' }] : [{ id: 'GHSA-1' }, { id: 'GHSA-2' }];
    return Promise.resolve(JSON.stringify({ results: [{ vulns, ...(isSecond ? {} : { next_page_token: 'next' }) }] }));
  };
  expect(await advisoriesAbout(['a'], ask)).toEqual([advisory('GHSA-1')]);
  expect(asked.map(({ url }) => url.replace(/^.*v1/, ''))).toEqual([
    ...['/querybatch', '/querybatch', '/vulns/GHSA-1', '/vulns/GHSA-2', '/vulns/GHSA-3'],
  ]);
  expect(JSON.parse(asked[0]!.body!)).toEqual({ queries: [{ package: { name: 'a', ecosystem: 'npm' } }] });
});

it('keeps older advisories, and replaces those that OSV has again', () => {
  const older = { ...advisory('GHSA-1'), aliases: [] };
  expect(merged([older, advisory('GHSA-0')], [advisory('GHSA-1')])).toEqual([advisory('GHSA-0'), advisory('GHSA-1')]);
});
