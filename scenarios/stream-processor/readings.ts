import type { Reading } from '../../lambda/stream-processor/reading';
import { formatDecimal } from '../../lambda/stream-processor/decimal';
import type { ScenarioRun } from '../shared/scenario';

/** Random readings of devices, the newest taken now, in milliseconds and with values of up to nine digits after the point. */
export function makeReadings(
  run: ScenarioRun,
  { count, devices, spreadSeconds }: { count: number; devices: number; spreadSeconds: number },
): Reading[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => ({
    deviceId: `${run.runId}-${index % devices}`,
    readingId: String(index),
    takenAt: new Date(now - Math.floor(run.random() * spreadSeconds * 1_000)).toISOString(),
    value: formatDecimal(BigInt(Math.floor((run.random() - 0.5) * 2e15))),
  }));
}

export function deviceIds(run: ScenarioRun, devices: number): string[] {
  return Array.from({ length: devices }, (_, index) => `${run.runId}-${index}`);
}

/** Record of the stream, of a reading or of anything else. */
export interface StreamEntry {
  readonly key: string;
  readonly data: string;
}

export function entryOf(reading: Reading): StreamEntry {
  return { key: reading.deviceId, data: JSON.stringify(reading) };
}

/** Records that no attempt can process, each with an id of its own in its data, or key. */
export function poisonEntries(run: ScenarioRun, count: number, devices: number): StreamEntry[] {
  const takenAt = new Date().toISOString();
  return Array.from({ length: count }, (_, index) => {
    const deviceId = `${run.runId}-${index % devices}`;
    const readingId = `poison-${index}`;
    const kinds = [
      `no JSON ${readingId} of ${deviceId}`,
      JSON.stringify({ deviceId, readingId, takenAt }),
      JSON.stringify({ deviceId, readingId, takenAt, value: '1e3' }),
      JSON.stringify({ deviceId, readingId, takenAt: new Date(Date.now() + 86_400_000).toISOString(), value: '1' }),
      JSON.stringify({ deviceId, readingId, takenAt: '2026-02-30T00:00:00Z', value: '1' }),
    ];
    return { key: deviceId, data: kinds[index % kinds.length] ?? '' };
  });
}
