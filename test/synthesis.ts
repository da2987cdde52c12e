import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { architectures, type Architecture } from '../lib/architectures';
import { findHandlers } from '../lib/bundling/bundle-handlers';
import { loadConfig, type Stage } from '../lib/config';

export const root = join(__dirname, '..');
export const stages: readonly Stage[] = ['sandbox', 'prod'];

export interface Synthesis {
  readonly app: App;
  readonly stacks: ReadonlyMap<string, Stack>;
  /** Returns the template of an architecture, by its id. */
  template(id: string): Template;
}

interface MadeApp {
  readonly app: App;
  readonly stacks: ReadonlyMap<string, Stack>;
}

/**
 * Makes the app as `bin/app.ts` does, with stubs in place of the bundled handlers.
 *
 * Each template comes from an app with that stack only, since reading a template synthesizes its whole app. All stacks of an app are
 * created before the first template is read.
 */
export function synthesize(context: Readonly<Record<string, unknown>> = {}): Synthesis {
  const templates = new Map<string, Template>();
  let whole: MadeApp | undefined;
  const wholeApp = (): MadeApp => (whole ??= makeApp(context, architectures));
  return {
    get app() {
      return wholeApp().app;
    },
    get stacks() {
      return wholeApp().stacks;
    },
    template(id) {
      const known = templates.get(id);
      if (known !== undefined) return known;
      const template = onceInThisRun(keyOf(context, id), () => synthesizeAlone(context, id));
      templates.set(id, template);
      return template;
    },
  };
}

function synthesizeAlone(context: Readonly<Record<string, unknown>>, id: string): Template {
  const chosen = architectures.filter((one) => one.id === id);
  const stack = makeApp(context, chosen).stacks.get(id);
  if (stack === undefined) {
    throw new Error(`no architecture '${id}': use one of ${architectures.map((one) => one.id).join(', ')}`);
  }
  return Template.fromStack(stack);
}

/** Key of a template: the stage and the architecture's own settings; those of others do not change it. */
function keyOf(context: Readonly<Record<string, unknown>>, id: string): string {
  const others = architectures.filter((one) => one.id !== id).map(({ slug }) => slug);
  const entries = Object.entries({ stage: 'sandbox', ...context }).filter(([name]) => !others.includes(name));
  return JSON.stringify([id, entries.sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/**
 * Returns a template from the folder of this test run if another test file has made it already.
 *
 * Jest loads modules again for each file: creating the constructs of one architecture takes a second.
 */
function onceInThisRun(key: string, make: () => Template): Template {
  const folder = join(tmpdir(), 'templates');
  const file = join(folder, createHash('sha256').update(key).digest('hex'));
  if (existsSync(file)) {
    const json = JSON.parse(readFileSync(file, 'utf8')) as object;
    return Template.fromJSON(json, { skipCyclicalDependenciesCheck: true });
  }
  const template = make();
  const draft = `${file}-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(draft, JSON.stringify(template.toJSON()));
  renameSync(draft, file);
  return template;
}

function makeApp(context: Readonly<Record<string, unknown>>, chosen: readonly Architecture[]): MadeApp {
  const app = newApp(context);
  const all = app.node.getAllContext() as Record<string, unknown>;
  const config = { ...loadConfig(all, architectures), handlersFolder: stubHandlers(), layersFolder: stubLayers() };
  return withoutTraces(() => ({ app, stacks: new Map(chosen.map((one) => [one.id, one.addTo(app, config, all)])) }));
}

/** Node's own class, which CDK uses: Jest gives each test file another one. */
const CdkError = runInThisContext('Error') as ErrorConstructor;

/** CDK records a stack trace for each construct, and Jest maps each frame to its source, which is slow. */
function withoutTraces<T>(make: () => T): T {
  const { stackTraceLimit } = CdkError;
  CdkError.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    CdkError.stackTraceLimit = stackTraceLimit;
  }
}

/** App with the feature flags of `cdk.json`, which `new App()` does not read. */
function newApp(context: Readonly<Record<string, unknown>>): App {
  const cdkJson = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  // `cdk synth` writes construct paths too; costs and diagrams identify resources by them.
  const paths = { 'aws:cdk:enable-path-metadata': true };
  // Copies of assets, the tree of constructs and their metadata are a third of the time, and in no template.
  const cheaper = { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/core:enableAdditionalMetadataCollection': false };
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...cdkJson.context, ...paths, ...cheaper, ...context },
  });
}

/** Folder with a stub for every layer: the real ones have 100 MB, which each synthesis would copy. */
function stubLayers(): string {
  const folder = join(root, '.build', 'stub-layers');
  const layer = join(folder, 'document-renderer', 'x86_64', 'opt');
  if (!existsSync(layer)) {
    mkdirSync(layer, { recursive: true });
    writeFileSync(join(layer, 'stub'), 'a stub\n');
  }
  return folder;
}

/** Handlers that this process has made no stub of. */
let missing: string[] | undefined;

/** Folder with a stub for every handler: template tests need no bundles, which take seconds. */
function stubHandlers(): string {
  const folder = join(root, '.build', 'stub-handlers');
  for (const handler of (missing ??= findHandlers(root)).splice(0)) {
    const file = join(folder, handler, 'index.js');
    if (existsSync(file)) continue;
    mkdirSync(join(folder, handler), { recursive: true });
    writeFileSync(file, 'exports.handler = () => { throw new Error("a stub"); };\n');
  }
  return folder;
}
