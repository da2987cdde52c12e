import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Script beside a native package.json that makes a layer's content from the installed packages. */
export const layerScript = 'build-layer.ts';

/** Identity of what is installed from a folder with native packages: its lockfile, and how its layer is made. */
export function nativeSourceHash(source: string): string {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', layerScript].map((name) => join(source, name))) {
    if (existsSync(file)) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Versions of the packages that a native package.json names, by name. */
export function nativeVersions(source: string): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies;
}
