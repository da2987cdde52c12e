/**
 * What a handler's import costs at a cold start: the bundle that is deployed against the same code as an ES module, with the
 * AWS SDK of the runtime, and with all packages left out of the bundle.
 *
 * A process for each figure, on the Node that functions run on, with the environment of the template. The median of three.
 */
import { buildSync, type BuildOptions } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { synthesizeAll } from '../template/synthesis';
import type { Template } from '../template/template';
import { architectures } from '../lib/architectures';
import { findHandlers } from '../lib/bundling/bundle-handlers';

const root = join(__dirname, '..');
const runs = 3;

interface Way {
  readonly name: string;
  readonly options: BuildOptions;
}

/** What CommonJS packages, and handlers that read their assets, find in an ES module too. */
const requireInModules =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;";
const ways: readonly Way[] = [
  { name: 'deployed', options: { format: 'cjs' } },
  { name: 'ES module', options: { format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: requireInModules } } },
  { name: 'SDK external', options: { format: 'cjs', external: ['@aws-sdk/*', '@smithy/*', 'sharp'] } },
  { name: 'packages external', options: { format: 'cjs', packages: 'external' } },
];

interface Measured {
  readonly handler: string;
  readonly kilobytes: number;
  readonly milliseconds: readonly number[];
}

async function main(): Promise<void> {
  const templateOf = await synthesizeAll(root, ['sandbox']);
  // Below the root, so that packages that stay out of a bundle are found.
  mkdirSync(join(root, '.build'), { recursive: true });
  const folder = mkdtempSync(join(root, '.build', 'cold-start-'));
  try {
    const handlers = findHandlers(root);
    const measured = handlers.map((handler) => {
      process.stderr.write(`${handler} …\n`);
      const id = architectures.find(({ slug }) => slug === dirname(handler))?.id ?? '';
      const environment = environmentOf(templateOf(id, 'sandbox'), handler);
      return measure(handler, environment, folder);
    });
    console.log(table(measured));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(handler: string, environment: Record<string, string>, folder: string): Measured {
  let kilobytes = 0;
  const milliseconds = ways.map(({ name, options }) => {
    const extension = options.outExtension?.['.js'] ?? '.js';
    const outfile = join(folder, name.replaceAll(' ', '-'), handler, `index${extension}`);
    const assets = join(root, 'lambda', dirname(handler), 'assets');
    if (existsSync(assets)) cpSync(assets, join(dirname(outfile), 'assets'), { recursive: true });
    const { outExtension: _, ...format } = options;
    buildSync({
      absWorkingDir: root,
      entryPoints: [join('lambda', `${handler}.ts`)],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node24',
      minify: true,
      external: ['sharp'],
      logLevel: 'error',
      ...format,
    });
    if (name === 'deployed') kilobytes = Math.round(statSync(outfile).size / 1_000);
    return median(Array.from({ length: runs }, () => importOnce(outfile, environment)));
  });
  return { handler, kilobytes, milliseconds };
}

/** Milliseconds that the import takes in a process of its own. */
function importOnce(file: string, environment: Record<string, string>): number {
  const script = join(dirname(file), 'measure.mjs');
  writeFileSync(
    script,
    'const from = performance.now(); await import(process.argv[2]); console.log(`took ${performance.now() - from}`); process.exit(0);',
  );
  const env = { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', ...environment };
  const output = execFileSync(process.execPath, [script, file], { env, encoding: 'utf8' });
  return Number(/took ([\d.]+)/.exec(output)?.[1]);
}

/** A function's variables as its template has them; what is known only after a deployment is any text. */
function environmentOf(template: Template | undefined, handler: string): Record<string, string> {
  const name = handler.replace(/^.*\//, '').replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase());
  const found = Object.entries(template?.Resources ?? {}).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(`${name}Function`),
  );
  const { Variables = {} } = (found?.[1].Properties?.['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(Variables).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : 'arn:aws:x:us-east-1:0:x',
    ]),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function table(all: readonly Measured[]): string {
  const rows = all.map(({ handler, kilobytes, milliseconds }) => {
    const [deployed = Number.NaN, ...others] = milliseconds;
    const ratios = others.map((other) => `${(other / deployed).toFixed(2)} ×`);
    return `| ${[handler, String(kilobytes), deployed.toFixed(0), ...ratios].join(' | ')} |`;
  });
  const [, ...peers] = ways.map(({ name }) => name);
  return [
    `| handler | kB | ms | ${peers.join(' | ')} |`,
    `| --- | ---: | ---: |${peers.map(() => ' ---: |').join('')}`,
    ...rows,
  ].join('\n');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
