// Runs in a build: node scan.mjs source|assembly <folder> <report> <oxlint>. Prints what it finds, or `none`; it has failed if
// it prints nothing. Nothing that the folder has is executed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { problemsIn } from './code.mjs';
import { vulnerableIn } from './dependencies.mjs';
import { filesIn } from './files.mjs';
import { auditLive } from './live-audit.mjs';
import { sarifOf } from './sarif.mjs';
import { secretsIn } from './secrets.mjs';
import { widePermissionsIn } from './templates.mjs';

const mostFindings = 20;
const [kind, folder, report, oxlint] = process.argv.slice(2);
if (!['source', 'assembly'].includes(kind) || !existsSync(folder)) throw new Error(`no folder '${folder}' to scan`);
const { advisories, date } = JSON.parse(readFileSync(join(import.meta.dirname, 'advisories.json'), 'utf8'));
const accepted = JSON.parse(process.env['ACCEPTED_FINDINGS'] || '[]');
const age = Math.floor((Date.now() - Date.parse(date)) / 86_400_000);
const notes = [
  `advisories as of ${date}, ${age} days old; npm run advisories of the pipeline's repository refreshes them`,
];

const found = (kind === 'source' ? sourceFindings() : templateFindings()).map((finding) => {
  const file = printable(relative(folder, finding.file));
  return {
    ...finding,
    file,
    message: plain(finding.message),
    accepted: accepted.includes(finding.rule) || accepted.includes(`${finding.rule}@${file}`),
  };
});
mkdirSync(dirname(report), { recursive: true });
writeFileSync(report, JSON.stringify(sarifOf(found, notes), undefined, 2));
const texts = [
  ...new Set(found.filter((one) => !one.accepted).map((one) => `${one.file}:${one.line}: ${one.message}`)),
];
const more = texts.length > mostFindings ? ` and ${texts.length - mostFindings} more` : '';
process.stdout.write(texts.length === 0 ? 'none' : texts.slice(0, mostFindings).join('; ') + more);

function sourceFindings() {
  const files = filesIn(folder);
  const linter = { program: oxlint, config: join(import.meta.dirname, 'oxlint.json') };
  return [
    ...each(files, (text) => secretsIn(text)),
    ...each(lockFilesOf(files), (text) => vulnerableIn(text, advisories)),
    ...lockFilesOf(files).flatMap(audited),
    ...problemsIn(folder, files, linter),
    ...each(templatesOf(files), widePermissionsIn),
  ];
}

function templateFindings() {
  return each(templatesOf(filesIn(folder)), widePermissionsIn);
}

function lockFilesOf(files) {
  return files.filter((file) => basename(file) === 'package-lock.json');
}

function templatesOf(files) {
  return files.filter((file) => file.endsWith('.template.json'));
}

/** A file that cannot be read as what its name says is a finding: nobody knows what is in it. */
function each(files, find) {
  return files.flatMap((file) => {
    try {
      return find(readFileSync(file, 'utf8')).map((one) => ({ ...one, file }));
    } catch (error) {
      return [{ rule: 'unreadable', file, line: 1, message: `cannot be read: ${error.message}` }];
    }
  });
}

function audited(file) {
  const { findings, note } = auditLive(file);
  if (note !== undefined) notes.push(plain(note));
  return findings.map((one) => ({ ...one, file }));
}

/** Names of files are text of the pusher: only plain characters reach messages. */
function printable(name) {
  return name.replace(/[^\w./-]/g, '?').slice(0, 200);
}

function plain(text) {
  return text.replace(/[^ -~]/g, '?').slice(0, 300);
}
