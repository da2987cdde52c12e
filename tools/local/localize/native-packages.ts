import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

/** Packages named after a platform, as `@img/sharp-linux-arm64`. */
const builtForLinux = /-linux(musl)?-(arm64|x64)$/;

/** Replaces packages with native code by the builds that `npm ci` installed for this machine. Does nothing on Linux. */
export const nativePackages: Rule = {
  name: 'native-packages',
  reason: 'functions run on this machine, where packages built for Linux do not load',
  apply(assembly, host) {
    if (host.platform === 'linux') return [];
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const folder = assembly.assetFolder(placed.stack, placed.resource.Properties?.['Code']);
      const packages = folder === undefined ? undefined : join(folder, 'node_modules');
      if (folder === undefined || packages === undefined || !existsSync(packages)) return [];
      const replaced = scopesOf(packages).filter((scope) =>
        replaceScope(join(packages, scope), join(host.packages, scope)),
      );
      if (replaced.length === 0) return [];
      assembly.markAssetChanged(folder, `native packages of ${host.platform}`);
      return [nameOf(placed)];
    });
  },
};

function scopesOf(packages: string): string[] {
  return readdirSync(packages).filter((name) => name.startsWith('@'));
}

/** Replaces the Linux builds of one scope by the checkout's packages. */
function replaceScope(target: string, source: string): boolean {
  const linux = readdirSync(target).filter((name) => builtForLinux.test(name));
  if (linux.length === 0 || !existsSync(source)) return false;
  for (const name of linux) rmSync(join(target, name), { recursive: true });
  for (const name of readdirSync(source)) cpSync(join(source, name), join(target, name), { recursive: true });
  return true;
}
