import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, relative } from 'node:path';

const languages = new Set(['.js', '.cjs', '.mjs', '.jsx', '.ts', '.cts', '.mts', '.tsx']);

/**
 * Static analysis of the files with a linter and its configuration, both of the pipeline.
 *
 * It sees a copy of the sources alone: neither configuration nor ignore files of the commit, and no comments that disable a rule.
 *
 * @param {string} folder
 * @param {readonly string[]} files
 * @param {{ program: string, config: string }} linter
 */
export function problemsIn(folder, files, { program, config }) {
  const sources = files.filter((file) => languages.has(extname(file)));
  if (sources.length === 0) return [];
  const copy = mkdtempSync(join(tmpdir(), 'sources-'));
  try {
    for (const file of sources) {
      const target = join(copy, relative(folder, file));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, readFileSync(file, 'utf8').replace(/(es|ox)lint-(?=disable|enable)/g, '$1lint_'));
    }
    const options = ['--config', config, '--no-ignore', '--disable-nested-config', '--format', 'json', '.'];
    const run = spawnSync(program, options, { cwd: copy, encoding: 'utf8', maxBuffer: 100_000_000 });
    if (run.error !== undefined || run.status > 1) throw new Error(`oxlint: ${run.error?.message ?? run.stderr}`);
    return JSON.parse(run.stdout).diagnostics.map(({ code = 'syntax', message, filename, labels }) => ({
      rule: `code/${code.replace(/^.*\((.*)\)$/, '$1')}`,
      file: join(folder, filename),
      line: labels[0]?.span.line ?? 1,
      message,
    }));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
