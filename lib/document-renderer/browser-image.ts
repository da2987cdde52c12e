import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { EcrImageCode, type Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handlerFolder } from '../bundling/bundle-handlers';
import type { Config } from '../config';
import { nativeSource } from './browser-source';

export interface BrowserImageProps {
  readonly config: Config;
  /** Handler in the image, in `lambda/`. */
  readonly handlerFile: string;
}

/**
 * Image with the handler, and the browser unpacked at `/opt/chromium`, on Lambda's own system: a function or a container runs it.
 *
 * Docker builds it at deployment; synthesis copies its sources alone.
 */
export class BrowserImage extends Construct {
  readonly asset: DockerImageAsset;
  /** Image as the code of a function. */
  readonly code: Code;

  constructor(scope: Construct, id: string, props: BrowserImageProps) {
    super(scope, id);
    const { config, handlerFile } = props;
    const directory = mkdtempSync(join(tmpdir(), 'browser-image-'));
    try {
      cpSync(nativeSource, directory, { recursive: true });
      cpSync(handlerFolder(config.handlersFolder, handlerFile), join(directory, 'handler'), { recursive: true });
      this.asset = new DockerImageAsset(this, 'Default', { directory, platform: Platform.LINUX_AMD64 });
    } finally {
      // The assembly has a copy.
      rmSync(directory, { recursive: true });
    }
    this.code = new EcrImageCode(this.asset.repository, { tagOrDigest: this.asset.imageTag });
  }
}
