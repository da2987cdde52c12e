import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

/** Packages named after a platform, as `@img/sharp-linux-arm64`. */
const builtForLinux = /-linux(musl)?-(arm64|x64)$/;

/** Packages with native code are swapped for the ones that `npm ci` chose for this machine. Does nothing on Linux. */
export const nativePackages: Rule = {
  name: 'native-packages',
  reason: 'functions run on this machine, and packages built for Linux do not load on another system',
  apply(assembly, host) {
    if (host.platform === 'linux') return [];
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const folder = assembly.assetFolder(placed.stack, placed.resource.Properties?.['Code']);
      const packages = folder === undefined ? undefined : join(folder, 'node_modules');
      if (folder === undefined || packages === undefined || !existsSync(packages)) return [];
      const swapped = scopesOf(packages).filter((scope) =>
        swapScope(join(packages, scope), join(host.packages, scope)),
      );
      if (swapped.length === 0) return [];
      assembly.markAssetChanged(folder, `native packages of ${host.platform}`);
      return [nameOf(placed)];
    });
  },
};

function scopesOf(packages: string): string[] {
  return readdirSync(packages).filter((name) => name.startsWith('@'));
}

/** Takes the Linux builds out of one scope and copies in what the checkout has of it. */
function swapScope(target: string, source: string): boolean {
  const linux = readdirSync(target).filter((name) => builtForLinux.test(name));
  if (linux.length === 0 || !existsSync(source)) return false;
  for (const name of linux) rmSync(join(target, name), { recursive: true });
  for (const name of readdirSync(source)) cpSync(join(source, name), join(target, name), { recursive: true });
  return true;
}
