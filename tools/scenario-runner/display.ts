import { createColors } from 'picocolors';

const spinnerFrames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const frameMilliseconds = 100;
/** Time after which plain output repeats which tasks are running. */
const reminderMilliseconds = 30_000;

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Running task: one live line on a terminal. */
export interface DisplayedTask {
  detail: string;
  /** Removes the live line. */
  end(): void;
}

/**
 * Prints lines, and on a terminal one live line for each running task below them. Without a terminal, and with `CI` or
 * `NO_COLOR` set, it prints plain lines only.
 */
export class Display {
  readonly colors;
  readonly isLive: boolean;
  private readonly tasks = new Set<DisplayedTask & { readonly title: string; readonly startedAt: number }>();
  private readonly timer: NodeJS.Timeout;
  private liveRows = 0;
  private frame = 0;
  private lastLineAt: number;

  constructor(
    private readonly output: Output,
    environment: NodeJS.ProcessEnv = process.env,
    private readonly now: () => number = Date.now,
  ) {
    const { CI, NO_COLOR, FORCE_COLOR } = environment;
    this.isLive = output.isTTY === true && !CI && !NO_COLOR;
    // Not picocolors' own choice, which colors the output of a pipe where CI is set.
    this.colors = createColors(this.isLive || (FORCE_COLOR !== undefined && !NO_COLOR));
    this.lastLineAt = now();
    this.timer = setInterval(() => this.tick(), frameMilliseconds);
    this.timer.unref();
  }

  line(text: string): void {
    this.output.write(`${this.erasure()}${text}\n`);
    this.lastLineAt = this.now();
    if (this.isLive) this.draw();
  }

  task(title: string): DisplayedTask {
    const task = {
      title,
      startedAt: this.now(),
      detail: '',
      end: (): void => {
        this.tasks.delete(task);
        if (this.isLive) this.draw();
      },
    };
    this.tasks.add(task);
    return task;
  }

  /** Removes the live lines for good. */
  close(): void {
    clearInterval(this.timer);
    this.tasks.clear();
    this.output.write(this.erasure());
  }

  private tick(): void {
    if (this.tasks.size === 0) return;
    if (this.isLive) this.draw();
    else if (this.now() - this.lastLineAt >= reminderMilliseconds) {
      for (const text of this.taskLines()) this.line(`  … ${text}`);
    }
  }

  private draw(): void {
    const spinner = spinnerFrames[this.frame++ % spinnerFrames.length] ?? '';
    const width = Math.max(20, (this.output.columns ?? 100) - 3);
    const lines = this.taskLines().map((text) => `${this.colors.cyan(spinner)} ${text.slice(0, width)}\n`);
    this.output.write(`${this.erasure()}${lines.join('')}`);
    this.liveRows = lines.length;
  }

  private taskLines(): string[] {
    return [...this.tasks].map(({ title, startedAt, detail }) => {
      const seconds = Math.round((this.now() - startedAt) / 1000);
      return `${title} (${seconds} s)${detail === '' ? '' : `: ${detail}`}`;
    });
  }

  /** Escape sequence that moves up and erases the live lines (ECMA-48: CUU, ED). */
  private erasure(): string {
    const sequence = this.liveRows === 0 ? '' : `\u001b[${this.liveRows}A\u001b[0J`;
    this.liveRows = 0;
    return sequence;
  }
}
