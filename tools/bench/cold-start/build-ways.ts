import { buildSync, type BuildOptions } from 'esbuild';
import { cpSync, existsSync, globSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleOptions, type BundleVariables } from '../../../lib/bundling/bundle-options';

/** The first is the bundle that is deployed. */
export const wayNames = [
  'deployed',
  'esbuild defaults',
  'NodejsFunction',
  'Powertools example',
  'not bundled',
] as const;
export type Way = (typeof wayNames)[number];
type BundledWay = Exclude<Way, 'not bundled'>;

/** A handler in all forms. */
export interface Built {
  readonly files: Readonly<Record<Way, string>>;
  /** Size of the file, without what it takes from `node_modules`. */
  readonly bytes: Readonly<Record<Way, number>>;
}

export interface Ways {
  readonly root: string;
  /** Below the root, so that packages that stay out of a bundle are found. */
  readonly folder: string;
  readonly handlers: readonly string[];
  readonly variables: BundleVariables;
}

/** Builds all handlers in each form, one call of esbuild for each form, and returns a function that finds those of one. */
export function buildWays({ root, folder, handlers, variables }: Ways): (handler: string) => Built {
  const deployed = bundleOptions(root, handlers, variables);
  const { entryPoints, external = [] } = deployed;
  const node = { absWorkingDir: root, platform: 'node', target: 'node24', logLevel: 'error' } as const;
  const common = { ...node, entryPoints, external, bundle: true };
  const options: Readonly<Record<BundledWay, BuildOptions>> = {
    // Source maps apart, here and below: Node does not read them at an import.
    deployed: { ...deployed, sourcemap: false },
    'esbuild defaults': { ...common, minify: true, legalComments: 'none' },
    // https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_nodejs-readme.html: the runtime's SDK, not minified.
    NodejsFunction: { ...common, external: [...external, '@aws-sdk/*', '@smithy/*'] },
    // https://github.com/aws-powertools/powertools-lambda-typescript/blob/main/examples/app/cdk/example-stack.ts, put-item-fn
    'Powertools example': {
      ...common,
      minify: true,
      keepNames: true,
      format: 'esm',
      mainFields: ['module', 'main'],
      treeShaking: true,
      outExtension: { '.js': '.mjs' },
      // __dirname is for our handlers that read their assets.
      banner: {
        js: "import { createRequire } from 'module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;",
      },
    },
  };
  for (const [way, of] of Object.entries(options)) {
    const outdir = join(folder, way);
    buildSync({ ...of, outdir });
    for (const handler of handlers) copyAssets(root, handler, join(outdir, handler));
  }
  const notBundled = join(folder, 'not bundled');
  buildSync({
    ...node,
    entryPoints: globSync('lambda/**/*.ts', { cwd: root }),
    outbase: 'lambda',
    outdir: notBundled,
    format: 'cjs',
  });
  // The root's package.json names no module type; what esbuild wrote is CommonJS.
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  for (const handler of handlers) copyAssets(root, handler, dirname(join(notBundled, handler)));
  return (handler) => {
    const file = (way: Way): string =>
      way === 'not bundled'
        ? join(notBundled, `${handler}.js`)
        : join(folder, way, handler, `index${options[way].outExtension?.['.js'] ?? '.js'}`);
    const files = Object.fromEntries(wayNames.map((way) => [way, file(way)])) as Built['files'];
    const bytes = Object.fromEntries(wayNames.map((way) => [way, statSync(file(way)).size])) as Built['bytes'];
    return { files, bytes };
  };
}

function copyAssets(root: string, handler: string, target: string): void {
  const assets = join(root, 'lambda', dirname(handler), 'assets');
  if (existsSync(assets)) cpSync(assets, join(target, 'assets'), { recursive: true });
}
