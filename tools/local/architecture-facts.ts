import { quantity } from '../costs/format';
import { lineItems, sum } from '../costs/line-items';
import { priceTable } from '../costs/price-table';
import { readUsage } from '../costs/usage-profile';
import { diagramOf } from '../diagrams/diagram';
import { layOut, loadGraphviz, type Graphviz, type Layout } from '../diagrams/layout';
import { machineDrawings } from '../diagrams/machine-drawing';
import { faultCatalog, type Fault } from '../../scenarios/shared/fault-catalog';
import { loadAnswers } from '../fault-matrix/load-answers';
import { grantsOf } from '../template/grants';
import { readAcceptedUnused } from '../permissions/accepted-unused';
import { grantsOfService, needsOfServices, serviceRoles } from '../template/service-roles';
import { classify, operationsIn } from '../permissions/verdicts';
import { pathOf, type Template } from '../template/template';
import type { GatheredCalls } from './calls/gather';
import type { ArchitectureReport, DiagramReport, FaultReport, PermissionsReport } from './run-report';

/** Architecture of the run with its synthesized template. */
export interface Synthesized {
  readonly id: string;
  readonly slug: string;
  readonly template: Template;
}

export type Facts = Pick<ArchitectureReport, 'diagram' | 'machines' | 'faults' | 'cost' | 'unknown'>;

/**
 * Diagram, fault answers and cost of an architecture.
 *
 * A part that cannot be determined is listed under `unknown` with the reason and does not fail the run.
 */
export async function factsOf(root: string, { slug, template }: Synthesized, graphviz: Graphviz): Promise<Facts> {
  const unknown: string[] = [];
  const attempt = async <T>(what: string, make: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await make();
    } catch (error) {
      unknown.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const diagram = await attempt('the diagram', () => copyOf(layOut(diagramOf(template), graphviz)));
  const machines = await attempt('the state machines', () =>
    machineDrawings(template, graphviz).map(({ name, drawing }) => ({ name, drawing: copyOf(drawing) })),
  );
  const faults = await attempt('the faults', () => faultsOf(root, slug));
  const cost = await attempt('the cost', () => costOf(root, slug, template));
  return {
    ...(diagram && { diagram }),
    ...(machines?.length && { machines }),
    ...(faults && { faults }),
    ...(cost && { cost }),
    ...(unknown.length > 0 && { unknown }),
  };
}

/** Drawing as the report has it. */
function copyOf({ nodes, edges, ...size }: Layout): DiagramReport {
  return { ...size, nodes: nodes.map((node) => ({ ...node, steps: [...node.steps] })), edges: [...edges] };
}

/** Facts of several architectures by slug. */
export async function factsOfAll(root: string, all: readonly Synthesized[]): Promise<ReadonlyMap<string, Facts>> {
  const graphviz = await loadGraphviz();
  const facts = new Map<string, Facts>();
  for (const one of all) facts.set(one.slug, await factsOf(root, one, graphviz));
  return facts;
}

async function faultsOf(root: string, slug: string): Promise<FaultReport[]> {
  const answers = (await loadAnswers(root)).find((one) => one.slug === slug)?.answers;
  if (answers === undefined) throw new Error(`${slug} is not in the registry`);
  return (Object.keys(faultCatalog) as Fault[]).map((name) => {
    const answer = answers[name];
    const copy = 'provedBy' in answer ? { ...answer, provedBy: [...answer.provedBy] } : { ...answer };
    return { name, ...faultCatalog[name], answer: copy };
  });
}

/** Template with the default processor: a local run synthesizes for this machine's, whose price may differ. */
export function withDefaultProcessor({ Resources }: Template): Template {
  const resources = Object.entries(Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::Lambda::Function') return [id, resource] as const;
    return [id, { ...resource, Properties: { ...resource.Properties, Architectures: ['arm64'] } }] as const;
  });
  return { Resources: Object.fromEntries(resources) };
}

function costOf(root: string, slug: string, template: Template): NonNullable<ArchitectureReport['cost']> {
  const usage = readUsage(root, slug);
  const items = lineItems(withDefaultProcessor(template), usage, priceTable);
  const profile = `${quantity(usage.aDay)} ${usage.units} a day`;
  return { fixed: sum(items, 'fixed'), variable: sum(items, 'variable'), usage: profile };
}

/**
 * Permissions of an architecture's functions compared with their calls, and permissions of its service roles compared with
 * definitions and targets.
 *
 * @param complete whether all proofs ran and passed, so that an unused permission is not needed
 */
export function permissionsOf(
  root: string,
  { id, slug, template }: Synthesized,
  { calls }: GatheredCalls,
  complete: boolean,
): PermissionsReport {
  const grants = grantsOf(template);
  const own = calls.filter(({ stack, function: name }) => stack === id && grants.some((one) => one.function === name));
  const ofFunctions = classify(grants, operationsIn(own), readAcceptedUnused(root, slug), template).map(
    ({ grant, status, because }) => ({
      ...{ role: grant.name, action: grant.action, on: grant.on },
      ...{ status, because },
    }),
  );
  return { complete, grants: [...ofFunctions, ...serviceRoles(template).flatMap((role) => ofService(template, role))] };
}

function ofService(template: Template, role: string): PermissionsReport['grants'] {
  const pathTo = (id: string): string => {
    const resource = template.Resources[id];
    return resource === undefined ? id : pathOf(id, resource);
  };
  const needed = needsOfServices(template).get(role) ?? new Set();
  return [...grantsOfService(template, role)].map((grant) => {
    const [action = '', on = ''] = grant.split(' ');
    const isNeeded = needed.has(grant);
    return {
      ...{ role: pathTo(role), action, on: pathTo(on) },
      status: isNeeded ? 'by definition' : 'unused',
      because: isNeeded ? 'its definition or its target needs it' : 'nothing in the template needs it',
    };
  });
}
