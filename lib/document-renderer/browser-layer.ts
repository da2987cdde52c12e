import { AssetHashType } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { handlerFolder } from '../bundling/bundle-handlers';
import { nativeSourceHash } from '../bundling/native-source';
import type { Config } from '../config';
import { nativeSource } from './browser-source';

export interface BrowserLayerProps {
  readonly config: Config;
  /** Handler that uses the layer, in `lambda/`. */
  readonly handlerFile: string;
}

/** Most that a function may have unpacked, with its layers: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maximumBytes = 250 * 1024 * 1024;

/**
 * Layer with Chromium, the libraries that Lambda's system lacks, and fonts, at `/opt/chromium`.
 *
 * Its hash is that of the lockfile that it is installed from: 100 MB would be read at every synthesis otherwise.
 */
export class BrowserLayer extends Construct {
  readonly layer: LayerVersion;

  constructor(scope: Construct, id: string, props: BrowserLayerProps) {
    super(scope, id);
    const { config, handlerFile } = props;
    const content = join(config.layersFolder, 'document-renderer', 'x86_64', 'opt');
    if (!existsSync(content)) throw new Error(`the layer of Chromium is not in ${content}: run npm ci`);
    const bytes = sizeOf(content) + sizeOf(handlerFolder(config.handlersFolder, handlerFile));
    this.node.addValidation({ validate: () => sizeErrors(bytes) });
    this.layer = new LayerVersion(this, 'Default', {
      code: Code.fromAsset(content, { assetHash: nativeSourceHash(nativeSource), assetHashType: AssetHashType.CUSTOM }),
      compatibleArchitectures: [Architecture.X86_64],
      description: 'Chromium, its libraries and fonts',
    });
  }
}

/** Errors of a function whose code and layers have so many bytes unpacked. */
function sizeErrors(bytes: number): string[] {
  if (bytes <= maximumBytes) return [];
  return [
    `has ${bytes} bytes with the function's code, and Lambda accepts ${maximumBytes} unpacked: leave out fonts, or set packaging to image`,
  ];
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
