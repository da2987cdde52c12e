/**
 * Installs the native packages of every `lambda/<slug>/native/package.json` for both Lambda architectures.
 *
 * npm picks a package's native build for the machine that installs it; Lambda is another machine. So each architecture
 * gets a folder of its own, `.native/<slug>/<architecture>`, which bundling copies beside the handlers. It runs as the
 * root `postinstall`, so that synthesis stays offline, and does nothing where the lockfile has not changed. A `build-layer.ts`
 * beside the package.json then makes a layer's content from the packages.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layerScript, nativeSourceHash } from './native-source';

const root = join(__dirname, '..', '..');
/** Lambda's name of an architecture to npm's. */
const cpus = { arm64: 'arm64', x86_64: 'x64' } as const;

function installOne(source: string, target: string, cpu: string): void {
  const installedFrom = nativeSourceHash(source);
  const layer = join(source, layerScript);
  const marker = join(target, '.installed-from');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === installedFrom) return;

  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(source, file), join(target, file));
  // The npm that runs this script, so that a machine with several installs with the one it was called with.
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm ? [process.execPath, [npm]] : ['npm', []];
  const platform = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
  execFileSync(
    command,
    [...prefix, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...platform],
    {
      cwd: target,
      stdio: ['ignore', 'ignore', 'inherit'],
      // A prefix handed down by the outer npm would send the packages to the root's own node_modules.
      env: { ...process.env, npm_config_prefix: '', npm_config_local_prefix: target, INIT_CWD: target },
    },
  );
  if (existsSync(layer))
    execFileSync(process.execPath, ['--import', 'tsx', layer, target], { cwd: root, stdio: 'inherit' });
  writeFileSync(marker, installedFrom);
}

/** npm's names of the processors that the packages are built for. */
function processorsOf(source: string): readonly string[] {
  const { cpu } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { cpu?: readonly string[] };
  return cpu ?? Object.values(cpus);
}

for (const slug of readdirSync(join(root, 'lambda'))) {
  const source = join(root, 'lambda', slug, 'native');
  if (!existsSync(join(source, 'package.json'))) continue;
  for (const [architecture, cpu] of Object.entries(cpus)) {
    if (!processorsOf(source).includes(cpu)) continue;
    installOne(source, join(root, '.native', slug, architecture), cpu);
  }
}
