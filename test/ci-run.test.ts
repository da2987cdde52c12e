import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(__dirname, '..', '.ci', 'run');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Runs the script for an ordinary user, with programs that only note how they were called. */
function run(environment: Readonly<Record<string, string>>, install: 'works' | 'fails') {
  const folder = mkdtempSync(join(tmpdir(), 'ci-'));
  folders.push(folder);
  const programs = join(folder, 'calls');
  const program = (name: string, body: string): void => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/bash\necho "${name} $*" >>'${programs}'\n${body}\n`);
    chmodSync(file, 0o755);
  };
  for (const name of ['npm', 'npx', 'chromium']) program(name, 'exit 0');
  program('id', 'echo 1000');
  program('sudo', 'shift; exec "$@"');
  const makeServer = `printf '#!/bin/bash\\n' >'${folder}/mariadbd'; chmod +x '${folder}/mariadbd'`;
  program('apt-get', install === 'fails' ? 'exit 1' : `case "$*" in *mariadb-server*) ${makeServer};; esac`);
  for (const name of ['bash', 'dirname', 'env', 'chmod']) symlinkSync(join('/usr/bin', name), join(folder, name));
  const env = { PATH: folder, SERVER_PROGRAMS: join(folder, 'none'), ...environment };
  const { status, stdout } = spawnSync('/bin/bash', [script], { env, encoding: 'utf8' });
  return { status, output: stdout, calls: readFileSync(programs, 'utf8') };
}

it('installs MariaDB by sudo where it does not run as root', () => {
  const { status, output, calls } = run({ CI: 'true' }, 'works');
  expect(calls).toMatch(/^sudo -n env .*apt-get install .*mariadb-server$/m);
  expect(output).toMatch(/ 0 failed$/m);
  expect(status).toBe(0);
});

it('fails in CI without MariaDB', () => {
  const { status, output } = run({ CI: 'true' }, 'fails');
  expect(output).toMatch(/no mariadb-server.*\n[^]* 1 failed$/m);
  expect(status).not.toBe(0);
});

it('skips the proofs on MySQL elsewhere', () => {
  const { status, output } = run({}, 'fails');
  expect(output).toContain('no mariadb-server');
  expect(status).toBe(0);
});
