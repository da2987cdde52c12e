import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Asks the registry about a lock file. In a folder of its own: an .npmrc of the commit could name another registry.
 *
 * @param {string} lockFile
 * @returns {{ findings: object[], note?: string }} a note if the registry does not answer: the snapshot is all there is then
 */
export function auditLive(lockFile) {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) {
      const file = join(dirname(lockFile), name);
      if (existsSync(file)) copyFileSync(file, join(folder, name));
    }
    const options = ['--json', '--package-lock-only', '--fetch-retries=0', '--fetch-timeout=20000'];
    const { stdout } = spawnSync('npm', ['audit', ...options], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    const { vulnerabilities, message = 'no answer' } = JSON.parse(stdout || '{}');
    if (vulnerabilities === undefined) return { findings: [], note: `live audit: ${message}` };
    return { findings: Object.values(vulnerabilities).flatMap(findingsOf) };
  } catch (error) {
    return { findings: [], note: `live audit: ${error.message}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Advisories of a package; a text in `via` names another package of the report. */
function findingsOf({ via }) {
  return via
    .filter((one) => typeof one === 'object' && ['moderate', 'high', 'critical'].includes(one.severity))
    .map(({ name, range, url }) => {
      const rule = url.split('/').at(-1);
      return { rule, line: 1, message: `${name} ${range}: ${rule}` };
    });
}
