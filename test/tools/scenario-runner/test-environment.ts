import { Display } from '../../../tools/scenario-runner/display';
import { Progress } from '../../../tools/scenario-runner/progress';
import type { TestEnvironment } from '../../../tools/scenario-runner/run-check';

/** Progress that collects its lines. */
export function silentProgress(): { progress: Progress; lines: string[] } {
  const lines: string[] = [];
  const write = (text: string) => lines.push(...text.split('\n').filter((line) => line !== ''));
  return { progress: new Progress(new Display({ write }, {})), lines };
}

export function testEnvironment(more: Partial<TestEnvironment> = {}): TestEnvironment {
  const { progress } = silentProgress();
  return { seed: 1, progress, stop: new AbortController().signal, startedAt: Date.now(), ...more };
}
