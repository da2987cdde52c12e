import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openApi } from '../../../lib/rest-api/openapi';
import type { Diagram, Shape } from '../../diagrams/diagram';
import { openApiPage, type Description } from '../../docs/openapi-page';
import { layOut, loadGraphviz } from '../../diagrams/layout';
import { renderReportPage } from '../report-page';
import { runReportSchema, type ArchitectureReport, type RunReport } from '../../local/run-report';
import type { Workspace } from '../../local/workspace';
import { failingReport, passingReport, undeployedReport } from '../../../test/tools/local/sample-report';
import { tinyPicture } from '../../../test/tools/local/tiny-pictures';

export const crowdedPage = 'a run with everything';
export const smokeTestPage = 'the last run of smoke tests';

/** Pages to check, by description. */
export async function pages(workspace: Workspace): Promise<Map<string, string>> {
  const all = new Map([
    [crowdedPage, renderReportPage(await crowded(), tinyPicture)],
    ['a run that was not deployed', renderReportPage(undeployedReport(), tinyPicture)],
    ['the description of rest-api', openApiPage(openApi() as unknown as Description)],
  ]);
  if (existsSync(workspace.report)) {
    const report = runReportSchema.parse(JSON.parse(readFileSync(workspace.report, 'utf8')));
    const checks = report.scenarios?.checks ?? [];
    const isSmokeTest =
      checks.length > 0 && checks.every(({ kind, status }) => kind === 'smoke-test' && status === 'passed');
    all.set(isSmokeTest ? smokeTestPage : 'the last local run', renderRun(report, workspace));
  }
  return all;
}

/** Renders the last run's report with the page of this checkout. */
function renderRun(report: RunReport, { scenarioReport }: Workspace): string {
  return renderReportPage(report, (file) => readFileSync(join(dirname(scenarioReport), file)));
}

const endless = 'WithoutAnyPlaceToBreak'.repeat(8);

/** Report with failed, skipped and passed checks, every shape, and names that are longer than a phone is wide. */
async function crowded(): Promise<RunReport> {
  const report = failingReport();
  const [first] = report.architectures;
  const [check, ...others] = report.scenarios?.checks ?? [];
  if (first === undefined || check === undefined || report.scenarios === undefined) throw new Error('no sample');
  const skipped = {
    ...check,
    name: 'skipped',
    status: 'skipped' as const,
    skipped: 'fault injection is not available on this target',
  };
  const long = { ...check, slug: 'queue-processor', name: endless, title: `a title ${endless}` };
  const proofs = passingReport().scenarios?.checks.slice(1) ?? [];
  const checks = [
    check,
    ...others,
    { ...skipped, variant: 'fifo' },
    { ...long, assertions: many() },
    ...proofs.map(other),
  ];
  const variants = [{ name: 'fifo', overrides: { fifo: true, [endless]: endless } }];
  return {
    ...report,
    failure: `it could not be: ${endless}`,
    architectures: [first, { ...first, ...(await second(first)), variants }],
    scenarios: { ...report.scenarios, checks, skipped: 1 },
  };
}

const other = <T extends { slug: string }>(check: T): T => ({ ...check, slug: 'queue-processor' });

function many() {
  return Array.from({ length: 20 }, (_, index) => ({ assertion: `assertion ${index} ${endless}`, passed: true }));
}

async function second(first: ArchitectureReport): Promise<Partial<ArchitectureReport>> {
  const { faults = [], permissions } = first;
  return {
    id: 'QueueProcessor',
    slug: 'queue-processor',
    flow: `order -> ${endless}\n      -> a drawing of two lines`,
    outputs: { ...first.outputs, [endless]: endless },
    diagram: { ...layOut(everyShape(), await loadGraphviz()) } as NonNullable<ArchitectureReport['diagram']>,
    faults: faults.map((fault) => ({ ...fault, explanation: `${fault.explanation} ${endless}` })),
    permissions: {
      complete: false,
      grants: (permissions?.grants ?? []).map((grant) => ({ ...grant, role: endless, on: endless })),
    },
    unknown: [`the cost: ${endless}`],
  };
}

function everyShape(): Diagram {
  const shapes: readonly Shape[] = [
    'clock',
    'machine',
    'function',
    'queue',
    'store',
    'database',
    'topic',
    'bus',
    'rule',
  ];
  const kinds = ['data', 'failure', 'read'] as const;
  const nodes = shapes.map((shape, index) => ({
    ...{ id: shape, name: `The ${shape} of orders`, shape, service: 'EventBridge Scheduler', alarms: index },
    steps: shape === 'machine' ? ['TakeOrder', 'ShipOrder'] : [],
  }));
  const edges = shapes
    .slice(1)
    .map((to, index) => ({ from: shapes[index] ?? to, to, kind: kinds[index % 3] ?? ('data' as const) }));
  return { nodes, edges: [...edges, { from: 'topic', to: 'clock', kind: 'data' }] };
}
