import { createColors } from 'picocolors';
import { Progress } from '../../../tools/scenario-runner/progress';

/** Progress that collects its lines. */
export function silentProgress(): { progress: Progress; lines: string[] } {
  const lines: string[] = [];
  return { progress: new Progress((line) => lines.push(line), createColors(false)), lines };
}
