import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface NodejsFunctionApp {
  readonly root: string;
  /** Folder to write to: below the root, so that it finds its packages. */
  readonly folder: string;
  readonly peers: string;
  /** `<slug>/<file>`, without extension. */
  readonly handlers: readonly string[];
}

/** Writes an app as `cdk init app --language typescript` creates it, with a NodejsFunction for each handler; returns its folder. */
export function writeNodejsFunctionApp(app: NodejsFunctionApp): string {
  const { folder, peers } = app;
  const tsNode = join(peers, 'node_modules', 'ts-node', 'dist', 'bin.js');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', 'app.ts'), sourceOf(app));
  writeFileSync(join(folder, 'package.json'), '{ "name": "app", "private": true }');
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `node ${tsNode} --prefer-ts-exts bin/app.ts` }));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, exclude: ['node_modules', 'cdk.out'] }),
  );
  return folder;
}

/** Options that `cdk init` writes. */
const compilerOptions = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  lib: ['es2022'],
  declaration: true,
  strict: true,
  noImplicitAny: true,
  strictNullChecks: true,
  noImplicitThis: true,
  alwaysStrict: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: false,
  inlineSourceMap: true,
  inlineSources: true,
  experimentalDecorators: true,
  strictPropertyInitialization: false,
  skipLibCheck: true,
  types: ['node'],
};

function sourceOf({ root, handlers }: NodejsFunctionApp): string {
  const stacks = [...new Set(handlers.map((handler) => dirname(handler)))].map((slug) => ({
    slug,
    entries: handlers.filter((handler) => dirname(handler) === slug).map((one) => join(root, 'lambda', `${one}.ts`)),
  }));
  return `import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { basename } from 'node:path';

const app = new App();
const stacks: { slug: string; entries: string[] }[] = ${JSON.stringify(stacks)};
for (const { slug, entries } of stacks) {
  const stack = new Stack(app, slug);
  for (const entry of entries) {
    new NodejsFunction(stack, basename(entry, '.ts'), {
      entry,
      runtime: Runtime.NODEJS_24_X,
      projectRoot: ${JSON.stringify(root)},
      depsLockFilePath: ${JSON.stringify(join(root, 'package-lock.json'))},
      bundling: { minify: true, sourceMap: true, externalModules: ['@aws-sdk/*', '@smithy/*', 'sharp'] },
    });
  }
}
`;
}
