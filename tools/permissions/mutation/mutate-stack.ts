import { existsSync, statSync } from 'node:fs';
import type { Scenario } from '../../../scenarios/shared/scenario';
import type { Workspace } from '../../local/workspace';
import { connecting } from '../by-the-service';
import type { Grant } from '../../template/grants';
import { uses } from '../verdicts';
import { stopExecutions } from './executions';
import { linesSince, type FunctionRecord } from './function-record';
import type { DeployedRoles } from './iam-roles';
import type { LocalStack } from './local-stack';
import { isDenied, isNoticed, removalOf, type Attempt, type Removal } from './outcome';
import { Baselines, limitOf } from './baselines';
import { putDoor } from './s3-door';
import { stricterActions } from './s3-rules';
import { purgeQueues } from './sqs-queues';

/** One deployed architecture whose permissions are taken away in turn. */
export interface MutatedStack {
  readonly slug: string;
  readonly scenario: Scenario;
  readonly grants: readonly Grant[];
  readonly roles: DeployedRoles;
  /** Checks that have noticed a removal before, most promising first. */
  readonly promising: readonly string[];
}

export interface Surroundings {
  readonly workspace: Workspace;
  readonly stack: LocalStack;
  readonly record: FunctionRecord;
  readonly say: (text: string) => void;
  /** Called with each result as it comes. */
  readonly found: (slug: string, removal: Removal) => void;
}

/** Takes each permission away in turn and runs the checks that need it, the quickest first, until one notices. */
export async function mutateStack(mutated: MutatedStack, surroundings: Surroundings): Promise<void> {
  const { slug, scenario, grants, roles, promising } = mutated;
  const { say, stack, record, found } = surroundings;
  const names = [scenario.smokeTest, ...scenario.proofs].map(({ name }) => name);
  const baselines = new Baselines([scenario.smokeTest.name, ...promising, ...names], async (check) => {
    for (const { function: id } of grants) record.forget(roles.nameOf(id));
    const outcome = await stack.check(slug, check);
    say(`${slug}: ${check} ${outcome.status} with all permissions (${outcome.seconds.toFixed(1)} s) ${outcome.why}`);
    return { ...outcome, calls: record.calls() };
  });
  // Whatever the checks that have run do not notice waits for one check more, so that the first results come early.
  let waiting = grants.map((grant) => ({ grant, attempts: [] as Attempt[] }));
  while (waiting.length > 0 && (await baselines.runNext())) {
    const unnoticed: typeof waiting = [];
    for (const one of waiting) {
      const attempts = await attemptAll(one.grant, one.attempts, baselines, mutated, surroundings);
      if (attempts.some(isNoticed)) found(slug, removalOf(one.grant, attempts));
      else unnoticed.push({ ...one, attempts });
    }
    waiting = unnoticed;
  }
  for (const { grant, attempts } of waiting) found(slug, removalOf(grant, attempts));
}

/** Adds attempts with the checks that have run and need the permission, until one notices. */
async function attemptAll(
  grant: Grant,
  before: readonly Attempt[],
  baselines: Baselines,
  mutated: MutatedStack,
  surroundings: Surroundings,
): Promise<Attempt[]> {
  const needing = baselines.known(
    ({ check, calls }) =>
      !before.some((attempt) => attempt.check === check) &&
      (grant.action === connecting || calls.some((call) => uses(call, grant))),
  );
  const attempts = [...before];
  for (const { check, seconds } of needing) {
    const attempt = await tryWithout(grant, check, limitOf(seconds), mutated, surroundings);
    attempts.push(attempt);
    if (isNoticed(attempt)) break;
  }
  return attempts;
}

async function tryWithout(
  grant: Grant,
  check: string,
  withinSeconds: number,
  { slug, roles }: MutatedStack,
  { workspace, stack, record }: Surroundings,
): Promise<Attempt> {
  const functionName = roles.nameOf(grant.function);
  const isConnecting = grant.action === connecting;
  const log = doorLog(workspace);
  const before = log === undefined ? 0 : statSync(log).size;
  const giveBack: (() => Promise<void>)[] = [];
  try {
    giveBack.push(await roles.take(grant));
    const hasDoor = stricterActions.includes(grant.action);
    if (hasDoor) {
      const taken = { action: grant.action, bucket: roles.nameOf(grant.resource) };
      giveBack.push(await putDoor(workspace, stack.endpoint, functionName, taken));
    }
    if (isConnecting) await roles.startAnew(grant.function);
    record.forget(functionName);
    const outcome = await stack.check(slug, check, withinSeconds, !hasDoor);
    const refused =
      isConnecting && log !== undefined
        ? linesSince(log, before).some((line) => line.includes(`may not ${connecting}`))
        : isDenied(record.denied(), grant);
    return { check, outcome, refused };
  } finally {
    for (const one of giveBack.toReversed()) await one();
    const { endpoint } = stack;
    await stopExecutions(roles.namesOf('AWS::StepFunctions::StateMachine'), endpoint, workspace.certificate);
    await purgeQueues(roles.namesOf('AWS::SQS::Queue'), endpoint, workspace.certificate);
  }
}

/** Where the stand-in for RDS Proxy says whom it lets in. */
function doorLog(workspace: Workspace): string | undefined {
  return ['postgres', 'mysql'].map((engine) => workspace.log(`database-${engine}`)).find((file) => existsSync(file));
}
