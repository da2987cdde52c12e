import type { Colors } from 'picocolors/types';
import type { CheckReport } from './scenario-report';

/** Milliseconds after which a step is worth a line. */
const longStep = 2_000;
/** Milliseconds between the lines that say a step still runs. */
const reminder = 30_000;

/** Tells a person what is going on: short steps pass in silence, long ones get a line when they prove long and when they end. */
export class Progress {
  constructor(
    private readonly write: (line: string) => void,
    private readonly colors: Colors,
  ) {}

  line(text: string): void {
    this.write(text);
  }

  checkStarts(slug: string, check: string, title: string): void {
    this.write(`${this.colors.cyan('▸')} ${slug} · ${check}: ${title}`);
  }

  checkEnds({ slug, name, status, skipped, seconds, assertions, error }: CheckReport): void {
    if (status === 'skipped') {
      this.write(`${this.colors.yellow('–')} ${slug} · ${name}: skipped, ${skipped ?? ''}`);
      return;
    }
    const mark = status === 'passed' ? this.colors.green('✓') : this.colors.red('✗');
    const outcome =
      error === undefined ? `${assertions.length} assertions passed` : this.colors.red(firstLine(error.message));
    this.write(`${mark} ${slug} · ${name}: ${outcome} (${seconds.toFixed(1)} s)`);
  }

  /** Call what it returns when the step is over. */
  stepStarts(slug: string, check: string, title: string): (failed: boolean) => void {
    const started = performance.now();
    const elapsed = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    const prefix = this.colors.dim(`  ${slug} · ${check}:`);
    let shown = false;
    let timer = setTimeout(() => {
      shown = true;
      this.write(`${prefix} ${title} …`);
      timer = setInterval(() => this.write(`${prefix} ${title} … still going after ${elapsed()}`), reminder);
      timer.unref();
    }, longStep);
    timer.unref();
    return (failed) => {
      clearTimeout(timer);
      if (shown) this.write(`${prefix} ${title} ${failed ? this.colors.red('failed') : 'done'} (${elapsed()})`);
    };
  }
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
