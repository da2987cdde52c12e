import { parseOptions, runCommand } from '../../../operations/command-line/command';
import type { Measured } from './section';

export interface BenchOptions {
  /** One short pass, to see that everything works: its figures say nothing. */
  readonly quick: boolean;
}

/** Runs one bench as a process of its own: gives what was measured to `bench.ts`, or prints it where nothing listens. */
export function runBench(measure: (options: BenchOptions) => Promise<Measured>): Promise<void> {
  return runCommand(async () => {
    const { values } = parseOptions({ options: { quick: { type: 'boolean', default: false } } });
    const measured = await measure({ quick: values.quick });
    if (process.send === undefined) console.log(measured.body);
    else await new Promise<void>((sent) => process.send?.(measured, () => sent()));
    return undefined;
  });
}

/** A word on how far it is, beside the results. */
export function progress(text: string): void {
  process.stderr.write(`   ${text}\n`);
}
