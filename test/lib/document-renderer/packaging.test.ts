import { App, Stack } from 'aws-cdk-lib';
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../lib/config';
import { BrowserLayer } from '../../../lib/document-renderer/browser-layer';
import { synthesize } from '../../synthesis';

const image = synthesize({ 'document-renderer': { packaging: 'image' } }).template('DocumentRenderer');

it('an image has the handler and the browser, on x86-64, and no layer', () => {
  const [properties] = Object.values(image.findResources('AWS::Lambda::Function'))
    .map((one) => (one as { Properties: Record<string, unknown> }).Properties)
    .filter(({ Description }) => Description === 'Renders a document and stores it');
  expect(properties).toMatchObject({
    PackageType: 'Image',
    Architectures: ['x86_64'],
    Environment: { Variables: { CHROMIUM_FOLDER: '/opt/chromium' } },
  });
  for (const absent of ['Layers', 'Runtime', 'Handler']) expect(properties).not.toHaveProperty(absent);
  image.resourceCountIs('AWS::Lambda::LayerVersion', 0);
});

it('an image renders the same documents as a layer: their hashes are the same', () => {
  const engines = [image, synthesize().template('DocumentRenderer')].map((template) =>
    /"ENGINE_VERSION":"([^"]+)"/.exec(JSON.stringify(template.toJSON()))?.at(1),
  );
  expect(engines[0]).toBeDefined();
  expect(engines[0]).toBe(engines[1]);
});

it('refuses a function that has more than 250 MB unpacked with its layer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  const content = join(folder, 'document-renderer', 'x86_64', 'opt');
  for (const one of [content, join(folder, 'handler')]) mkdirSync(one, { recursive: true });
  const fill = (file: string, bytes: number): void => {
    writeFileSync(file, '');
    // Without content on the disk.
    truncateSync(file, bytes);
  };
  fill(join(folder, 'handler', 'index.js'), 1_000_000);
  const errorsWith = (bytes: number): string[] => {
    fill(join(content, 'browser'), bytes);
    // Assets stay where they are.
    const stack = new Stack(new App({ context: { 'aws:cdk:disable-asset-staging': true } }), 'Stack');
    // All that it reads of the configuration.
    const config = { layersFolder: folder, handlersFolder: folder } as Config;
    return new BrowserLayer(stack, 'Layer', { config, handlerFile: 'handler' }).node.validate();
  };
  expect(errorsWith(262_144_000 - 1_000_000)).toEqual([]);
  expect(errorsWith(262_144_001 - 1_000_000)).toEqual([
    expect.stringContaining('has 262144001 bytes with the function'),
  ]);
});
