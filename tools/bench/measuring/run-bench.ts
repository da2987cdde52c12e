import { parseOptions, runCommand } from '../../../operations/command-line/command';
import type { Measured } from './section';

export interface BenchOptions {
  /** One short pass to check that everything works; its results have no value. */
  readonly quick: boolean;
}

/** Runs one benchmark: sends the result to `bench.ts`, or prints it if it was started alone. */
export function runBench(measure: (options: BenchOptions) => Promise<Measured>): Promise<void> {
  return runCommand(async () => {
    const { values } = parseOptions({ options: { quick: { type: 'boolean', default: false } } });
    const measured = await measure({ quick: values.quick });
    if (process.send === undefined) console.log(measured.body);
    else await new Promise<void>((sent) => process.send?.(measured, () => sent()));
    return undefined;
  });
}

/** Prints progress to standard error. */
export function progress(text: string): void {
  process.stderr.write(`   ${text}\n`);
}
