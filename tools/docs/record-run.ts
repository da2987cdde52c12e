import { existsSync, readFileSync } from 'node:fs';
import { readMetrics, withRun, writeMetrics } from '../fault-matrix/recorded-metrics';
import { proofsNamedBy } from '../fault-matrix/fault-pages';
import { loadAnswers } from '../fault-matrix/load-answers';
import { runReportSchema, type ArchitectureReport } from '../local/run-report';
import {
  grantKey,
  readRecordedPermissions,
  withChanges,
  writeRecordedPermissions,
} from '../permissions/recorded-permissions';

/**
 * Takes the counts of proofs and the use of permissions from a run's report into `scenarios/<slug>/recorded-*.json`.
 *
 * @param file report of the last local run
 * @returns a line for each file written and for each architecture of which not all proofs passed
 * @throws Error where no scenario has run
 */
export async function recordRun(root: string, file: string): Promise<string[]> {
  const report = existsSync(file) ? runReportSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  const scenarios = report?.scenarios;
  if (report === undefined || scenarios === undefined) {
    throw new Error(`no proofs have run (${file}): run npm run prove first`);
  }
  const answers = await loadAnswers(root);
  return report.architectures.flatMap((architecture) => {
    const { slug } = architecture;
    const answersOfSlug = answers.find((one) => one.slug === slug);
    if (answersOfSlug === undefined) return [];
    writeMetrics(root, slug, withRun(readMetrics(root, slug), scenarios, slug, proofsNamedBy(answersOfSlug)));
    return [`written: scenarios/${slug}/recorded-metrics.json`, recordPermissions(root, architecture)];
  });
}

function recordPermissions(root: string, { slug, permissions }: ArchitectureReport): string {
  if (permissions?.complete !== true) {
    return `not written: scenarios/${slug}/recorded-permissions.json, since not all proofs of ${slug} ran and passed`;
  }
  // Roles that services act by have the status 'by definition', which the template alone decides.
  const ofFunctions = permissions.grants.filter(({ status }) => status !== 'by definition');
  const usedBy = new Map(
    ofFunctions.map(({ role, action, on, status, because }) => [
      grantKey({ name: role, action, on }),
      status === 'used' ? because.split(', ') : undefined,
    ]),
  );
  const recorded = readRecordedPermissions(root, slug);
  const change = (key: string) => ({ usedBy: usedBy.get(key) });
  writeRecordedPermissions(root, slug, withChanges(recorded, [...usedBy.keys()], change));
  return `written: scenarios/${slug}/recorded-permissions.json`;
}
