import { Display, type DisplayedTask } from './display';
import { otherErrors } from './function-observer';
import type { CheckReport } from './scenario-report';

/** Part of a run with its start and duration, in seconds since the start of the run. */
export interface Phase {
  readonly title: string;
  readonly start: number;
  readonly seconds: number;
}

/** Reports to the user what a run does: phases, checks with their steps, and single lines. */
export class Progress {
  /** In the order in which they started. */
  readonly phases: Phase[] = [];
  private readonly startedAt: number;

  constructor(
    readonly display: Display,
    private readonly now: () => number = Date.now,
  ) {
    this.startedAt = now();
  }

  line(text: string): void {
    this.display.line(text);
  }

  /**
   * Runs one part of the work; parts may overlap. The last detail is shown on the live line.
   *
   * @param options.hasFailed whether a result is a failure; an error always is
   * @param options.summary text of the last line instead of the title
   */
  async phase<T>(
    title: string,
    act: (setDetail: (detail: string) => void) => Promise<T>,
    { hasFailed, summary }: { hasFailed?: (result: T) => boolean; summary?: (result: T) => string } = {},
  ): Promise<T> {
    const { colors } = this.display;
    const task = this.display.task(title);
    const start = this.secondsSince(this.startedAt);
    const index = this.phases.push({ title, start, seconds: 0 }) - 1;
    let [mark, text] = [colors.red('✗'), title];
    try {
      const result = await act((detail) => (task.detail = lastLine(detail) ?? task.detail));
      if (hasFailed?.(result) !== true) mark = colors.green('✓');
      text = summary?.(result) ?? title;
      return result;
    } finally {
      const seconds = this.secondsSince(this.startedAt) - start;
      this.phases[index] = { title, start, seconds };
      task.end();
      this.line(`${mark} ${text} ${colors.dim(`${seconds.toFixed(1)} s`)}`);
    }
  }

  check(slug: string, name: string, title: string): CheckProgress {
    return new CheckProgress(this.display, slug, name, title);
  }

  private secondsSince(time: number): number {
    return Math.round((this.now() - time) / 10) / 100;
  }
}

/** Progress of one check: the titles of its running steps are the detail of its live line. */
export class CheckProgress {
  private readonly task: DisplayedTask;
  private readonly steps: string[] = [];
  private readonly label: string;

  constructor(
    private readonly display: Display,
    slug: string,
    name: string,
    title: string,
  ) {
    this.label = `${slug} · ${name}`;
    this.task = display.task(this.label);
    if (!display.isLive) display.line(`▸ ${this.label}: ${title}`);
  }

  line(text: string): void {
    this.display.line(this.display.colors.dim(`  ${this.label}: ${text}`));
  }

  /** @returns function to call at the end of the step */
  step(title: string): () => void {
    this.steps.push(title);
    this.task.detail = title;
    return () => {
      this.steps.splice(this.steps.lastIndexOf(title), 1);
      this.task.detail = this.steps.at(-1) ?? '';
    };
  }

  end(report: CheckReport): void {
    this.task.end();
    this.display.line(checkLine(this.label, report, this.display));
  }
}

function checkLine(label: string, report: CheckReport, { colors }: Display): string {
  const { status, skipped, seconds, assertions, error, steps } = report;
  const time = colors.dim(`${seconds.toFixed(1)} s`);
  if (status === 'skipped') return `${colors.yellow('–')} ${label}: skipped, ${skipped ?? ''}`;
  if (error === undefined) return `${colors.green('✓')} ${label}: ${assertions.length} assertions passed ${time}`;
  const step = steps.findLast((one) => one.status === 'failed')?.title;
  const place = step === undefined ? '' : ` in "${step}"`;
  const reasons = [error.message, ...otherErrors(report)];
  return `${colors.red('✗')} ${label} failed${place} ${time}\n    ${reasons.join('\n').replaceAll('\n', '\n    ')}`;
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined;
}
