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
import { startS3Proxy } from './s3-proxy';
import { stricterActions } from './s3-rules';
import { purgeQueues } from './sqs-queues';

/** Deployed architecture whose permissions are removed in turn. */
export interface MutatedStack {
  readonly slug: string;
  readonly scenario: Scenario;
  readonly grants: readonly Grant[];
  readonly roles: DeployedRoles;
  /** Checks that noticed a removal in an earlier run. */
  readonly promising: readonly string[];
}

export interface TestEnvironment {
  readonly workspace: Workspace;
  readonly stack: LocalStack;
  readonly record: FunctionRecord;
  readonly say: (text: string) => void;
  /** Called with each result. */
  readonly onResult: (slug: string, removal: Removal) => void;
}

/** Removes each permission in turn and runs the checks that use it, the fastest first, until one notices. */
export async function mutateStack(mutated: MutatedStack, environment: TestEnvironment): Promise<void> {
  const { slug, scenario, grants, roles, promising } = mutated;
  const { say, stack, record, onResult } = environment;
  const names = [scenario.smokeTest, ...scenario.proofs].map(({ name }) => name);
  const baselines = new Baselines([scenario.smokeTest.name, ...promising, ...names], async (check) => {
    for (const { function: id } of grants) record.clear(roles.nameOf(id));
    const outcome = await stack.check(slug, check);
    say(`${slug}: ${check} ${outcome.status} with all permissions (${outcome.seconds.toFixed(1)} s) ${outcome.why}`);
    return { ...outcome, calls: record.calls() };
  });
  // Permissions whose removal the checks so far did not notice wait for the next check, so that the first results come early.
  let waiting = grants.map((grant) => ({ grant, attempts: [] as Attempt[] }));
  while (waiting.length > 0 && (await baselines.runNext())) {
    const unnoticed: typeof waiting = [];
    for (const one of waiting) {
      const attempts = await attemptAll(one.grant, one.attempts, baselines, mutated, environment);
      if (attempts.some(isNoticed)) onResult(slug, removalOf(one.grant, attempts));
      else unnoticed.push({ ...one, attempts });
    }
    waiting = unnoticed;
  }
  for (const { grant, attempts } of waiting) onResult(slug, removalOf(grant, attempts));
}

/** Adds attempts with the checks so far that use the permission, until one notices. */
async function attemptAll(
  grant: Grant,
  before: readonly Attempt[],
  baselines: Baselines,
  mutated: MutatedStack,
  environment: TestEnvironment,
): Promise<Attempt[]> {
  const needing = baselines.known(
    ({ check, calls }) =>
      !before.some((attempt) => attempt.check === check) &&
      (grant.action === connecting || calls.some((call) => uses(call, grant))),
  );
  const attempts = [...before];
  for (const { check, seconds } of needing) {
    const attempt = await tryWithout(grant, check, limitOf(seconds), mutated, environment);
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
  { workspace, stack, record }: TestEnvironment,
): Promise<Attempt> {
  const functionName = roles.nameOf(grant.function);
  const isConnecting = grant.action === connecting;
  const log = proxyLog(workspace);
  const before = log === undefined ? 0 : statSync(log).size;
  const restore: (() => Promise<void>)[] = [];
  try {
    restore.push(await roles.remove(grant));
    const hasProxy = stricterActions.includes(grant.action);
    if (hasProxy) {
      const removed = { action: grant.action, bucket: roles.nameOf(grant.resource) };
      restore.push(await startS3Proxy(workspace, stack.endpoint, functionName, removed));
    }
    if (isConnecting) await roles.restartFunction(grant.function);
    record.clear(functionName);
    const outcome = await stack.check(slug, check, withinSeconds, !hasProxy);
    const denied =
      isConnecting && log !== undefined
        ? linesSince(log, before).some((line) => line.includes(`may not ${connecting}`))
        : isDenied(record.denied(), grant);
    return { check, outcome, denied };
  } finally {
    for (const one of restore.toReversed()) await one();
    const { endpoint } = stack;
    await stopExecutions(roles.namesOf('AWS::StepFunctions::StateMachine'), endpoint, workspace.certificate);
    await purgeQueues(roles.namesOf('AWS::SQS::Queue'), endpoint, workspace.certificate);
    await stack.recover(slug);
  }
}

/** Log in which the stand-in for RDS Proxy names the callers that it denies. */
function proxyLog(workspace: Workspace): string | undefined {
  return ['postgres', 'mysql'].map((engine) => workspace.log(`database-${engine}`)).find((file) => existsSync(file));
}
