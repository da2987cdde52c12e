import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand } from '../../operations/command-line/command';
import { advisoriesAbout, merged, packagesIn, type Advisory, type Ask } from './osv';

const root = join(__dirname, '..', '..');
const file = join(root, 'lambda', 'gitops-pipeline', 'build-tools', 'scan', 'advisories.json');

const help = `Refreshes the snapshot of advisories that the scan of gitops-pipeline compares lock files with, from https://osv.dev.

  npm run advisories [-- <lock file …>]

  lock file  package-lock.json of the projects that the pipeline builds; default: the one of this repository
  --help     this text

It adds all advisories about the packages that the lock files install, in any version, and dates the snapshot with today.
It needs the internet. Exit code: 0 written, 1 OSV did not answer, 2 wrong usage.`;

const ask: Ask = async (url, body) => {
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
};

async function main(): Promise<number> {
  const { values, positionals } = parseOptions({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const lockFiles = positionals.length === 0 ? [join(root, 'package-lock.json')] : positionals;
  const packages = packagesIn(lockFiles.map((name) => readFileSync(name, 'utf8')));
  const snapshot = JSON.parse(readFileSync(file, 'utf8')) as { source: string; advisories: Advisory[] };
  const found = await advisoriesAbout(packages, ask);
  const advisories = merged(snapshot.advisories, found);
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, `${JSON.stringify({ source: snapshot.source, date, advisories }, undefined, 2)}\n`);
  console.log(
    `${packages.length} packages: ${found.length} advisories; the snapshot of ${date} has ${advisories.length}`,
  );
  return 0;
}

if (require.main === module) void runCommand(main);
