import { App } from 'aws-cdk-lib';
import { join } from 'node:path';
import { architectures } from '../lib/architectures';
import { bundleHandlers } from '../lib/bundling/bundle-handlers';
import type { BundleVariables } from '../lib/bundling/bundle-options';
import { ConfigError, loadConfig } from '../lib/config';

const root = join(__dirname, '..');
const app = new App({ analyticsReporting: false });

try {
  const context = app.node.getAllContext() as Record<string, unknown>;
  const config = loadConfig(context, architectures);
  const variables = Object.assign({}, ...architectures.map((one) => one.bundleVariables(context))) as BundleVariables;
  const handlersFolder = bundleHandlers({ root, architecture: config.architecture, variables });
  const folders = { handlersFolder, layersFolder: join(root, '.native') };
  for (const architecture of architectures) architecture.addTo(app, { ...config, ...folders }, context);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
}
