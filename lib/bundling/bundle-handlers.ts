import { buildSync, type Metafile } from 'esbuild';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { bundleOptions, nativePackages, type BundleVariables } from './bundle-options';
import { currentRecord, sourcesOf, stampsOf, type BundleRecord } from './bundle-record';

export interface BundleOptions {
  /** The repository's root, which holds `lambda/` and `.native/`. */
  readonly root: string;
  /** Lambda's name of the architecture, which decides the native packages: `arm64` or `x86_64`. */
  readonly architecture: string;
  /** @default none: bundles have the code for every value */
  readonly variables?: BundleVariables;
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
 * Bundles every handler with one esbuild call, unless nothing has changed since the last one, and returns the folder that
 * holds them.
 *
 * One call for all is what keeps synthesis at seconds: `NodejsFunction` starts esbuild once for each function
 * (docs/adr/0006-one-esbuild-call.md has the figures).
 */
export function bundleHandlers(options: BundleOptions): string {
  const { root, architecture, variables = {} } = options;
  const name = [architecture, ...Object.values(variables)].join('-');
  const handlersFolder = join(root, '.build', 'handlers', name);
  const handlers = findHandlers(root);
  mkdirSync(handlersFolder, { recursive: true });
  const recordFile = join(root, '.build', 'handlers', `${name}.json`);
  const drafts = mkdtempSync(join(root, '.build', 'drafts-'));
  try {
    let record = currentRecord(root, recordFile, { handlers, variables });
    if (record === undefined) {
      record = bundle({ root, variables }, handlersFolder, handlers, drafts);
      writeIfChanged(recordFile, Buffer.from(JSON.stringify(record)), drafts);
    }
    for (const handler of handlers) {
      copyAssets(root, handlersFolder, handler, drafts);
      if (record.native.includes(handler)) copyNativePackages(root, architecture, handlersFolder, handler, drafts);
      else rmSync(join(handlersFolder, handler, 'node_modules'), { recursive: true, force: true });
    }
  } finally {
    rmSync(drafts, { recursive: true, force: true });
  }
  return handlersFolder;
}

function bundle(
  { root, variables }: { readonly root: string; readonly variables: BundleVariables },
  handlersFolder: string,
  handlers: readonly string[],
  drafts: string,
): BundleRecord {
  const started = Date.now();
  const { metafile, outputFiles } = buildSync({
    ...bundleOptions(root, handlers, variables),
    outdir: handlersFolder,
    metafile: true,
    // Written below, and only where something changed: two runs in one checkout never see half a file.
    write: false,
  });
  const sources = stampsOf(root, sourcesOf(root, Object.keys(metafile.inputs)), started);
  for (const file of outputFiles) writeIfChanged(file.path, file.contents, drafts);
  const written = stampsOf(root, Object.keys(metafile.outputs));
  const native = handlers.filter((handler) => importsNativePackage(metafile, root, handlersFolder, handler));
  return { handlers, variables, native, stamps: { ...sources, ...written } };
}

function importsNativePackage(metafile: Metafile, root: string, handlersFolder: string, handler: string): boolean {
  const output = metafile.outputs[relative(root, join(handlersFolder, handler, 'index.js'))];
  return (output?.imports ?? []).some((one) => one.external && nativePackages(root).includes(one.path));
}

/** Files only, no folders; one that is gone from the source is taken away, or it would be deployed for ever. */
function copyAssets(root: string, handlersFolder: string, handler: string, drafts: string): void {
  const assets = join(root, 'lambda', dirname(handler), 'assets');
  const target = join(handlersFolder, handler, 'assets');
  const wanted = existsSync(assets) ? readdirSync(assets).filter((file) => !file.endsWith('.ts')) : [];
  for (const file of wanted) writeIfChanged(join(target, file), readFileSync(join(assets, file)), drafts);
  const there = existsSync(target) ? readdirSync(target) : [];
  for (const file of there) if (!wanted.includes(file)) rmSync(join(target, file), { force: true });
}

function copyNativePackages(
  root: string,
  architecture: string,
  handlersFolder: string,
  handler: string,
  drafts: string,
): void {
  const installed = join(root, '.native', dirname(handler), architecture);
  const marker = join(installed, '.installed-from');
  if (!existsSync(marker)) {
    throw new Error(`native packages for ${handler} on ${architecture} are not installed in ${installed}: run npm ci`);
  }
  const version = readFileSync(marker, 'utf8');
  const target = join(handlersFolder, handler, 'node_modules');
  const isThere = (): boolean => readIfThere(join(target, '.copied-from')) === version;
  if (isThere()) return;
  const draft = join(mkdtempSync(join(drafts, 'packages-')), 'node_modules');
  cpSync(join(installed, 'node_modules'), draft, { recursive: true });
  writeFileSync(join(draft, '.copied-from'), version);
  // Renamed, so that another run in this checkout sees the old packages or the new ones, and may be the one to bring them.
  if (!isThere()) renameIfPossible(target, join(drafts, `old-${basename(dirname(draft))}`));
  if (!renameIfPossible(draft, target) && !isThere()) {
    throw new Error(`cannot put the native packages of ${handler} into ${target}: end other runs, or remove it`);
  }
}

/** False where there is nothing to rename, or something else has taken the place. */
function renameIfPossible(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Writes beside and renames: whoever reads the file meanwhile gets all of the old or all of the new. */
function writeIfChanged(file: string, contents: Uint8Array, drafts: string): void {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(dirname(file), { recursive: true });
  const draft = join(drafts, basename(file));
  writeFileSync(draft, contents);
  renameSync(draft, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function read(...path: string[]): string {
  return readFileSync(resolve(...path), 'utf8');
}
