import type { Reading } from '../../lambda/stream-processor/reading';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import { countIn, expectedWindows, readWindows, type Windows } from './windows';

/** Length of a window by default, in seconds. */
export const windowSeconds = 60;

/** Waits until windows have as many readings as expected, and asserts that they are equal to the last digit. */
export async function assertWindows(
  run: ScenarioRun,
  deployment: Deployment,
  readings: readonly Reading[],
): Promise<void> {
  const expected = expectedWindows(readings, windowSeconds);
  const devices = [...new Set(readings.map(({ deviceId }) => deviceId))];
  const windows = await run.step('wait for the windows', () =>
    run.eventually(`${readings.length} readings in windows`, async () => {
      const found = await readWindows(deployment, devices);
      const count = countIn(found);
      if (count < readings.length) throw new Error(`${count} readings so far`);
      return found;
    }),
  );
  const wrong = differences(windows, expected);
  run.assertEqual(wrong.slice(0, 5), [], `${Object.keys(expected).length} windows equal the model to the last digit`);
  run.assertEqual(countIn(windows), readings.length, 'each reading is in its window once');
}

function differences(actual: Windows, expected: Windows): string[] {
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...keys]
    .filter((key) => actual[key] !== expected[key])
    .map((key) => `${key}: expected ${expected[key] ?? 'none'}, got ${actual[key] ?? 'none'}`);
}
