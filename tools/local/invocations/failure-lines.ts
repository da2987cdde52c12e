import type { Display } from '../../scenario-runner/display';
import { describeFailure, type FunctionFailure } from '../../scenario-runner/function-observer';

/** Lines for one kind of error of a function; proofs that inject faults cause hundreds. */
const linesPerError = 3;

/** Prints failures of functions, the first few of each kind. */
export class FailureLines {
  private readonly printed = new Map<string, number>();

  constructor(private readonly display: Pick<Display, 'line' | 'colors'>) {}

  /** Prints errors again that were printed before. */
  reset(): void {
    this.printed.clear();
  }

  print(failure: FunctionFailure): void {
    const key = `${failure.slug}/${failure.function}/${failure.type}`;
    const count = (this.printed.get(key) ?? 0) + 1;
    this.printed.set(key, count);
    if (count > linesPerError) return;
    const more = count === linesPerError ? ' (further ones are in the report only)' : '';
    this.display.line(`${this.display.colors.red('✗')} ${failure.slug} · ${describeFailure(failure)}${more}`);
  }
}
