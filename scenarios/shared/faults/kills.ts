import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioRun } from '../scenario';
import { faultsOf } from './fault-injector';
import type { SoakFault } from './soak-fault';
import { repeatedFault } from './repeated-fault';

/**
 * Kills functions at work by SIGKILL, at moments that have nothing to do with what they are doing.
 *
 * @param kills at least so many
 * @param longestPause between two looks, in milliseconds: about as long as one invocation takes
 * @returns how many there were
 */
export async function killAtWork(
  run: ScenarioRun,
  functionNames: readonly string[],
  kills: number,
  longestPause = 400,
): Promise<number> {
  const killed = await killUntil(run, functionNames, { kills, longestPause });
  run.metric('workers killed', killed);
  return killed;
}

/**
 * Begins work again and again, each time followed by a kill at a moment of chance, until enough were killed at work.
 *
 * @param longestPause before a kill, in milliseconds: somewhat longer than the work takes, so that kills meet all of it
 * @returns how many there were
 */
export async function killAlong(
  run: ScenarioRun,
  functionName: string,
  { kills, longestPause }: { readonly kills: number; readonly longestPause: number },
  begin: () => Promise<unknown>,
): Promise<number> {
  return killUntil(run, [functionName], { kills, longestPause, begin });
}

interface Killing {
  readonly kills: number;
  readonly longestPause: number;
  /** What is done before each pause. */
  readonly begin?: () => Promise<unknown>;
}

async function killUntil(
  run: ScenarioRun,
  functionNames: readonly string[],
  { kills, longestPause, begin }: Killing,
): Promise<number> {
  const faults = faultsOf(run);
  let killed = 0;
  await run.eventually(
    `${kills} workers to be killed`,
    async () => {
      await begin?.();
      await sleep(run.random() * longestPause);
      for (const name of functionNames) killed += await faults.kill(name);
      return killed >= kills ? true : undefined;
    },
    { withinSeconds: 300, everyMilliseconds: 20 },
  );
  return killed;
}

/** Kills what is at work, of one function at a time. */
export function kills(functionNames: readonly string[]): SoakFault {
  return repeatedFault({
    fault: 'killed-process',
    title: 'kills of functions at work',
    needs: 'faults',
    everyMilliseconds: 900,
    inject(run, rng) {
      const name = functionNames[Math.floor(rng.random() * functionNames.length)];
      return name === undefined ? Promise.resolve(0) : faultsOf(run).kill(name);
    },
  });
}
