import { buildSync, type Metafile } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export interface BundleOptions {
  /** The repository's root, which holds `lambda/` and `.native/`. */
  readonly root: string;
  /** Lambda's name of the architecture, which decides the native packages: `arm64` or `x86_64`. */
  readonly architecture: string;
}

/** The folder that holds one handler's code, as `Code.fromAsset` takes it: `index.js`, its source map, its assets. */
export function handlerFolder(handlersFolder: string, handler: string): string {
  return join(handlersFolder, handler);
}

/**
 * Names every handler under `lambda/`, as `<slug>/<file>` without extension, sorted.
 *
 * A handler is a file directly in `lambda/<slug>/` that exports `handler`; nothing needs to be registered.
 */
export function findHandlers(root: string): string[] {
  const lambda = join(root, 'lambda');
  return readdirSync(lambda, { withFileTypes: true })
    .filter((folder) => folder.isDirectory())
    .flatMap((folder) =>
      readdirSync(join(lambda, folder.name))
        .filter((file) => file.endsWith('.ts'))
        .filter((file) => /^export (const|async function|function) handler\b/m.test(read(lambda, folder.name, file)))
        .map((file) => `${folder.name}/${file.replace(/\.ts$/, '')}`),
    )
    .sort();
}

/**
 * Bundles every handler with one esbuild call and returns the folder that holds them.
 *
 * One call for all is what keeps synthesis at seconds: `NodejsFunction` starts esbuild once for each function
 * (docs/adr/0006-one-esbuild-call.md has the figures).
 */
export function bundleHandlers(options: BundleOptions): string {
  const { root, architecture } = options;
  const handlersFolder = join(root, '.build', 'handlers', architecture);
  const handlers = findHandlers(root);
  const result = buildSync({
    absWorkingDir: root,
    entryPoints: handlers.map((handler) => ({ in: join('lambda', `${handler}.ts`), out: join(handler, 'index') })),
    outdir: handlersFolder,
    bundle: true,
    platform: 'node',
    target: 'node24',
    // CommonJS starts faster than ESM here: client-s3 loads in 121 ms against 189 ms (docs/adr/0006-one-esbuild-call.md).
    format: 'cjs',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    external: nativePackages(root),
    // Written below, and only where something changed: two runs in one checkout never see half a file.
    write: false,
    logLevel: 'error',
  });
  for (const file of result.outputFiles) writeIfChanged(file.path, file.contents);
  for (const handler of handlers) {
    copyAssets(root, handlersFolder, handler);
    if (importsNativePackage(result.metafile, root, handlersFolder, handler)) {
      copyNativePackages(root, architecture, handlersFolder, handler);
    }
  }
  return handlersFolder;
}

/** The packages that stay out of the bundles, because they load native code from their own folder. */
function nativePackages(root: string): string[] {
  const lambda = join(root, 'lambda');
  return readdirSync(lambda)
    .map((slug) => join(lambda, slug, 'native', 'package.json'))
    .filter((file) => existsSync(file))
    .flatMap((file) => Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { dependencies: object }).dependencies));
}

function importsNativePackage(metafile: Metafile, root: string, handlersFolder: string, handler: string): boolean {
  const output = metafile.outputs[relative(root, join(handlersFolder, handler, 'index.js'))];
  return (output?.imports ?? []).some((one) => one.external && nativePackages(root).includes(one.path));
}

function copyAssets(root: string, handlersFolder: string, handler: string): void {
  const assets = join(root, 'lambda', dirname(handler), 'assets');
  if (!existsSync(assets)) return;
  for (const file of readdirSync(assets)) {
    if (file.endsWith('.ts')) continue;
    writeIfChanged(join(handlersFolder, handler, 'assets', file), readFileSync(join(assets, file)));
  }
}

function copyNativePackages(root: string, architecture: string, handlersFolder: string, handler: string): void {
  const installed = join(root, '.native', dirname(handler), architecture);
  const marker = join(installed, '.installed-from');
  if (!existsSync(marker)) {
    throw new Error(`native packages for ${handler} on ${architecture} are not installed in ${installed}: run npm ci`);
  }
  const target = join(handlersFolder, handler);
  const copied = join(target, 'node_modules', '.copied-from');
  if (existsSync(copied) && readFileSync(copied, 'utf8') === readFileSync(marker, 'utf8')) return;
  rmSync(join(target, 'node_modules'), { recursive: true, force: true });
  cpSync(join(installed, 'node_modules'), join(target, 'node_modules'), { recursive: true });
  writeFileSync(copied, readFileSync(marker));
}

function writeIfChanged(file: string, contents: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}

function read(...path: string[]): string {
  return readFileSync(resolve(...path), 'utf8');
}
