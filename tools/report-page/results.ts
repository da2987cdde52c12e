import { toUSVString } from 'node:util';
import type { CheckReport } from '../scenario-runner/scenario-report';
import type { ArchitectureReport, RunReport } from '../local/run-report';

export type Status = 'passed' | 'failed' | 'skipped' | 'idle';

/** Architecture of the run with the results of its scenario. */
export interface ArchitectureResult {
  readonly slug: string;
  /** Id of its section. */
  readonly anchor: string;
  /** `idle` where none of its checks ran. */
  readonly status: Status;
  /** Undefined where checks name an architecture that the run does not. */
  readonly deployed: ArchitectureReport | undefined;
  readonly checks: readonly CheckReport[];
}

/** Groups all checks by architecture, in the order of the run. */
export function resultsOf({ architectures, scenarios }: RunReport): ArchitectureResult[] {
  const all = scenarios?.checks ?? [];
  const slugs = new Set([...architectures.map(({ slug }) => slug), ...all.map(({ slug }) => slug)]);
  return [...slugs].map((slug) => {
    const checks = all.filter((check) => check.slug === slug);
    const deployed = architectures.find((architecture) => architecture.slug === slug);
    return { slug, anchor: anchor('architecture', slug), status: statusOf(checks), deployed, checks };
  });
}

export function checkAnchor({ slug, kind, name }: CheckReport): string {
  return anchor(kind, slug, name);
}

/** @param architecture anchor of the architecture's section */
export function faultAnchor(architecture: string, fault: string): string {
  return anchor(architecture, 'fault', fault);
}

function statusOf(checks: readonly CheckReport[]): Status {
  if (checks.length === 0) return 'idle';
  if (checks.some(({ status }) => status === 'failed')) return 'failed';
  return checks.every(({ status }) => status === 'skipped') ? 'skipped' : 'passed';
}

function anchor(...names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(toUSVString(name))).join('-');
}
