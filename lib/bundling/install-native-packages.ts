/**
 * Installs the native packages of every `lambda/<slug>/native/package.json` for both Lambda architectures.
 *
 * npm picks a package's native build for the machine that installs it; Lambda is another machine. So each architecture
 * gets a folder of its own, `.native/<slug>/<architecture>`, which bundling copies beside the handlers. It runs as the
 * root `postinstall`, so that synthesis stays offline, and does nothing where the lockfile has not changed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
/** Lambda's name of an architecture to npm's. */
const cpus = { arm64: 'arm64', x86_64: 'x64' } as const;

function installOne(source: string, target: string, cpu: string): void {
  const lockHash = createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .digest('hex');
  const marker = join(target, '.installed-from');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockHash) return;

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
  writeFileSync(marker, lockHash);
}

for (const slug of readdirSync(join(root, 'lambda'))) {
  const source = join(root, 'lambda', slug, 'native');
  if (!existsSync(join(source, 'package.json'))) continue;
  for (const [architecture, cpu] of Object.entries(cpus)) {
    installOne(source, join(root, '.native', slug, architecture), cpu);
  }
}
