import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioRun, SoakFault } from '../scenario';
import { faultsOf } from './fault-injector';
import { repeatedFault } from './repeated-fault';

/**
 * Kills running functions by SIGKILL at random times.
 *
 * @param kills minimum number
 * @param longestPause between two attempts, in milliseconds: about the duration of one invocation
 * @returns number of execution environments that were killed
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
 * Starts work repeatedly, each time followed by a kill at a random time, until enough kills hit running work.
 *
 * @param longestPause before a kill, in milliseconds: somewhat longer than the work, so that kills hit every phase of it
 * @returns number of execution environments that were killed
 */
export async function killAlong(
  run: ScenarioRun,
  functionNames: string | readonly string[],
  { kills, longestPause }: { readonly kills: number; readonly longestPause: number },
  begin: () => Promise<unknown>,
): Promise<number> {
  return killUntil(run, [functionNames].flat(), { kills, longestPause, begin });
}

interface KillOptions {
  readonly kills: number;
  readonly longestPause: number;
  /** Called before each pause. */
  readonly begin?: () => Promise<unknown>;
}

async function killUntil(
  run: ScenarioRun,
  functionNames: readonly string[],
  { kills, longestPause, begin }: KillOptions,
): Promise<number> {
  const faults = faultsOf(run);
  let killed = 0;
  let longest = longestPause;
  await run.eventually(
    `${kills} workers to be killed`,
    async () => {
      await begin?.();
      await sleep(run.random() * longest);
      const before = killed;
      for (const name of functionNames) killed += await faults.kill(name);
      // Work that takes a shorter time on this machine is hit by a shorter pause.
      longest = killed > before ? longestPause : longest * 0.7;
      return killed >= kills ? true : undefined;
    },
    { withinSeconds: 300, everyMilliseconds: 20 },
  );
  return killed;
}

/** Kills running environments of one function at a time. */
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
