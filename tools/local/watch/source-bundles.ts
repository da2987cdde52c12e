import { build, context, type BuildContext, type BuildOptions, type OutputFile } from 'esbuild';
import { dirname, join, relative } from 'node:path';
import { bundleOptions, type BundleVariables } from '../../../lib/bundling/bundle-options';
import { findHandlers } from '../../../lib/bundling/bundle-handlers';

/** Source that cannot be bundled; the message is one line with the first error and its position. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/** Files of a handler's bundle by name: `index.js` and `index.js.map`. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** Bundles of handlers, made again faster than the first time: esbuild keeps what it has parsed. */
export class HandlerBundles {
  private building: BuildContext | undefined;

  private constructor(
    private readonly folder: string,
    private readonly options: BuildOptions,
  ) {}

  /** Bundles of the handlers of some architectures, with the options of a deployment. */
  static of(root: string, slugs: readonly string[], variables: BundleVariables): HandlerBundles {
    const handlers = findHandlers(root).filter((handler) => slugs.includes(dirname(handler)));
    const folder = join(root, '.build', 'watch');
    const options = { ...bundleOptions(root, handlers, variables), outdir: folder, write: false, logLevel: 'silent' };
    return new HandlerBundles(folder, options as BuildOptions);
  }

  /**
   * Returns the files of every handler, by `<slug>/<file>`.
   *
   * @throws BundleError
   */
  async build(): Promise<Map<string, BundleFiles>> {
    const bundles = new Map<string, Map<string, Uint8Array>>();
    for (const { path, contents } of await this.outputFiles()) {
      const [slug = '', handler = '', file = ''] = relative(this.folder, path).split(/[/\\]/);
      const key = `${slug}/${handler}`;
      const files = bundles.get(key) ?? new Map<string, Uint8Array>();
      bundles.set(key, files.set(file, contents));
    }
    return bundles;
  }

  async close(): Promise<void> {
    await this.building?.dispose();
  }

  private async outputFiles(): Promise<readonly OutputFile[]> {
    try {
      this.building ??= await context(this.options);
      return (await this.building.rebuild()).outputFiles ?? [];
    } catch (error) {
      throw bundleError(error);
    }
  }
}

/**
 * Returns the files of the checkout that `bin/app.ts` imports, by their path below the root.
 *
 * @throws BundleError
 */
export async function filesOfApp(root: string): Promise<Set<string>> {
  try {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['bin/app.ts'],
      outdir: join(root, '.build', 'watch'),
      bundle: true,
      packages: 'external',
      platform: 'node',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    return new Set(Object.keys(metafile.inputs));
  } catch (error) {
    throw bundleError(error);
  }
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

function bundleError(error: unknown): unknown {
  const [first, ...others] = (error as { errors?: readonly BuildMessage[] }).errors ?? [];
  if (first === undefined) return error;
  const { text, location } = first;
  const place = location === null ? '' : `${location.file}:${location.line}:${location.column + 1}: `;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new BundleError(`${place}${text}${more}`);
}
