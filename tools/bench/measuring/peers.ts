import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const source = join(__dirname, '..', 'peers');

/** Folder of the installed peers: below the root, so that they find the packages of the project too. */
export function peersFolder(root: string): string {
  return join(root, '.build', 'peers');
}

/** Installs the compared packages from their lockfile unless they are installed; needs the network the first time. */
export function installPeers(root: string): string {
  const folder = peersFolder(root);
  const lock = readFileSync(join(source, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  const marker = join(folder, '.installed-from');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) return folder;
  process.stderr.write('   installing peers …\n');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(source, file), join(folder, file));
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm ? [process.execPath, [npm]] : ['npm', []];
  execFileSync(command, [...prefix, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    // A prefix of the outer npm would install the packages into the root's node_modules.
    env: { ...process.env, npm_config_prefix: '', npm_config_local_prefix: folder, INIT_CWD: folder },
  });
  writeFileSync(marker, hash);
  return folder;
}

/** Version of a package, of the peers' copy if there is one. */
export function versionOf(root: string, name: string): string {
  const folders = [peersFolder(root), root].map((folder) => join(folder, 'node_modules', name, 'package.json'));
  const file = folders.find((one) => existsSync(one));
  return file === undefined ? 'unknown' : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Module of a peer; untyped, since the project does not install it. */
export function requirePeer(root: string, name: string): unknown {
  return createRequire(join(peersFolder(root), 'package.json'))(name);
}
