import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { architectures } from '../lib/architectures';
import { findHandlers } from '../lib/bundling/bundle-handlers';
import { loadConfig, type Stage } from '../lib/config';

export const root = join(__dirname, '..');
export const stages: readonly Stage[] = ['sandbox', 'prod'];

export interface Synthesis {
  readonly app: App;
  readonly stacks: ReadonlyMap<string, Stack>;
  /** The template of an architecture, by its id. */
  template(id: string): Template;
}

/**
 * Makes the whole app as `bin/app.ts` does, with stubs in place of the bundled handlers.
 *
 * All stacks are made before the first template is read, since reading one synthesizes the app.
 */
export function synthesize(context: Readonly<Record<string, unknown>> = {}): Synthesis {
  const app = newApp(context);
  const all = app.node.getAllContext() as Record<string, unknown>;
  const config = { ...loadConfig(all, architectures), handlersFolder: stubHandlers() };
  const stacks = new Map(architectures.map((one) => [one.id, one.addTo(app, config, all)]));
  const template = (id: string): Template => {
    const stack = stacks.get(id);
    if (stack === undefined) throw new Error(`no architecture '${id}': use one of ${[...stacks.keys()].join(', ')}`);
    return Template.fromStack(stack);
  };
  return { app, stacks, template };
}

/** An app with the feature flags of `cdk.json`, which `new App()` does not read. */
function newApp(context: Readonly<Record<string, unknown>>): App {
  const cdkJson = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  return new App({ analyticsReporting: false, context: { ...cdkJson.context, ...context } });
}

/** A folder with a stub for every handler: template tests are about templates, and bundles cost them seconds. */
function stubHandlers(): string {
  const folder = join(root, '.build', 'stub-handlers');
  for (const handler of findHandlers(root)) {
    mkdirSync(join(folder, handler), { recursive: true });
    writeFileSync(join(folder, handler, 'index.js'), 'exports.handler = () => { throw new Error("a stub"); };\n');
  }
  return folder;
}
