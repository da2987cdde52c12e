import type { Bill } from './bill';
import { grouped } from './line-items';

/** Line of a bill that a change affects. */
export interface ChangedLine {
  readonly slug: string;
  readonly stage: string;
  readonly kind: string;
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

/** Lines with a different cost, greatest difference first; an architecture that only one side has costs zero on the other. */
export function difference(before: readonly Bill[], after: readonly Bill[]): ChangedLine[] {
  const lines = new Map<string, ChangedLine>();
  const add = (bills: readonly Bill[], side: 'before' | 'after'): void => {
    for (const { slug, stage, items } of bills) {
      for (const { kind, what, usd } of grouped(items)) {
        const key = [slug, stage, kind, what].join(' ');
        const line = lines.get(key) ?? { slug, stage, kind, what, before: 0, after: 0 };
        lines.set(key, { ...line, [side]: usd });
      }
    }
  };
  add(before, 'before');
  add(after, 'after');
  const step = ({ before: from, after: to }: ChangedLine): number => Math.abs(to - from);
  return [...lines.values()].filter((line) => step(line) >= 0.005).sort((a, b) => step(b) - step(a));
}
