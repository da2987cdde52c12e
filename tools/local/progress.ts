import { createColors } from 'picocolors';

const spinnerFrames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const tickMilliseconds = 100;

/** After this long without a line a plain terminal is told again what is going on. */
const silenceMilliseconds = 2_000;

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Phase {
  readonly title: string;
  readonly seconds: number;
}

interface ActivePhase {
  readonly title: string;
  readonly startedAt: number;
  detail: string;
}

/**
 * Tells a person what is going on: a line when a part of the run ends, and until then a spinner on a terminal or, where
 * the output goes elsewhere, a line at least every two seconds.
 */
export class Progress {
  /** Colors on a terminal only: picocolors by itself takes the variable CI for one, and a log is none. */
  readonly colors;
  /** The parts that have ended, in the order in which they began. */
  readonly phases: Phase[] = [];
  private readonly active = new Set<ActivePhase>();
  private readonly timer: NodeJS.Timeout;
  private lastWrite = Date.now();
  private frame = 0;
  private spinnerShown = false;
  private lineOpen = false;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = Date.now,
  ) {
    this.colors = createColors(output.isTTY === true && process.env['NO_COLOR'] === undefined);
    this.timer = setInterval(() => this.tick(), tickMilliseconds);
    this.timer.unref();
  }

  /** Runs one part of the work; parts may overlap. The detail that is set last is shown with it. */
  async phase<T>(title: string, act: (setDetail: (detail: string) => void) => Promise<T>): Promise<T> {
    const phase: ActivePhase = { title, startedAt: this.now(), detail: '' };
    const index = this.phases.push({ title, seconds: 0 }) - 1;
    this.active.add(phase);
    const seconds = (): number => (this.now() - phase.startedAt) / 1000;
    try {
      const result = await act((detail) => (phase.detail = lastLine(detail) ?? phase.detail));
      this.active.delete(phase);
      this.say(`${this.colors.green('✓')} ${title} ${this.colors.dim(`${seconds().toFixed(1)} s`)}`);
      return result;
    } catch (error) {
      this.active.delete(phase);
      this.say(`${this.colors.red('✗')} ${title} ${this.colors.dim(`${seconds().toFixed(1)} s`)}`);
      throw error;
    } finally {
      this.phases[index] = { title, seconds: Math.round(seconds() * 100) / 100 };
    }
  }

  /** Writes a line. */
  say(line: string): void {
    this.forward(`${this.lineOpen ? '\n' : ''}${line}\n`);
  }

  /** Passes on what a child process has written. */
  forward(text: string): void {
    this.clearSpinner();
    this.output.write(text);
    this.lineOpen = !text.endsWith('\n');
    this.lastWrite = this.now();
  }

  /** Stops the clock; nothing is written afterwards unless it is asked for. */
  close(): void {
    clearInterval(this.timer);
    this.clearSpinner();
  }

  private tick(): void {
    if (this.active.size === 0) return;
    if (this.output.isTTY === true && !this.lineOpen) this.spin();
    else if (this.now() - this.lastWrite >= silenceMilliseconds) this.say(this.colors.dim(`  … ${this.current()}`));
  }

  private spin(): void {
    const frame = spinnerFrames[this.frame++ % spinnerFrames.length] ?? '';
    const columns = process.stdout.columns || 100;
    // Erase the line, then write: a shorter text would leave the end of a longer one.
    this.output.write(`\r\u001b[2K${frame} ${this.current().slice(0, columns - 4)}`);
    this.spinnerShown = true;
  }

  private clearSpinner(): void {
    if (!this.spinnerShown) return;
    this.output.write('\r\u001b[2K');
    this.spinnerShown = false;
  }

  private current(): string {
    const parts = [...this.active].map((phase) => {
      const seconds = Math.round((this.now() - phase.startedAt) / 1000);
      return `${phase.title} (${seconds} s)${phase.detail === '' ? '' : `: ${phase.detail}`}`;
    });
    return parts.join(' · ');
  }
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined;
}
