import { buildSync, type BuildOptions } from 'esbuild';
import { cpSync, existsSync, globSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The first is what is deployed. */
export const wayNames = ['deployed', 'ES module', 'SDK external', 'not bundled'] as const;
type Way = (typeof wayNames)[number];

/** A handler in all forms. */
export interface Built {
  readonly files: Readonly<Record<Way, string>>;
  /** Of the bundle that is deployed. */
  readonly bytes: number;
  readonly bytesWithoutSdk: number;
}

/** What CommonJS packages, and handlers that read their assets, find in an ES module too. */
const requireInModules =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;";

const bundled: Readonly<Record<Exclude<Way, 'not bundled'>, BuildOptions>> = {
  deployed: { format: 'cjs' },
  'ES module': { format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: requireInModules } },
  'SDK external': { format: 'cjs', external: ['@aws-sdk/*', '@smithy/*', 'sharp'] },
};

/** Builds all handlers in each form below a folder, one call of esbuild for each form, and gives those of one handler. */
export function buildWays(root: string, folder: string, handlers: readonly string[]): (handler: string) => Built {
  const common: BuildOptions = { absWorkingDir: root, platform: 'node', target: 'node24', logLevel: 'error' };
  for (const [way, options] of Object.entries(bundled)) {
    const entryPoints = handlers.map((handler) => ({
      in: join('lambda', `${handler}.ts`),
      out: join(handler, 'index'),
    }));
    const outdir = join(folder, way);
    // As they are deployed, source maps apart: Node does not read them at an import.
    buildSync({ ...common, entryPoints, outdir, bundle: true, minify: true, external: ['sharp'], ...options });
    for (const handler of handlers) copyAssets(root, handler, join(outdir, handler));
  }
  const outdir = join(folder, 'not bundled');
  buildSync({
    ...common,
    entryPoints: globSync('lambda/**/*.ts', { cwd: root }),
    outbase: 'lambda',
    outdir,
    format: 'cjs',
  });
  // The root's package.json says nothing of modules; what esbuild wrote is CommonJS.
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  for (const handler of handlers) copyAssets(root, handler, dirname(join(outdir, handler)));
  return (handler) => {
    const file = (way: Way): string =>
      way === 'not bundled'
        ? join(outdir, `${handler}.js`)
        : join(folder, way, handler, `index${bundled[way].outExtension?.['.js'] ?? '.js'}`);
    const files = Object.fromEntries(wayNames.map((way) => [way, file(way)])) as Built['files'];
    const [bytes, bytesWithoutSdk] = [statSync(files.deployed).size, statSync(files['SDK external']).size];
    return { files, bytes, bytesWithoutSdk };
  };
}

function copyAssets(root: string, handler: string, target: string): void {
  const assets = join(root, 'lambda', dirname(handler), 'assets');
  if (existsSync(assets)) cpSync(assets, join(target, 'assets'), { recursive: true });
}
