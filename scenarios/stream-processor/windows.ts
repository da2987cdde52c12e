import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { addReadings, windowStart, type WindowState } from '../../lambda/stream-processor/window';
import type { Reading } from '../../lambda/stream-processor/reading';
import type { Deployment } from './deployment';

/** Aggregates of readings by device and window, as text: `device 2026-11-27T09:30:00.000Z` to `count sum min max`. */
export type Windows = Readonly<Record<string, string>>;

/** Computes the windows of readings, each of which is there once. */
export function expectedWindows(readings: readonly Reading[], windowSeconds: number): Windows {
  const groups = Map.groupBy(readings, ({ deviceId, takenAt }) => `${deviceId} ${windowStart(takenAt, windowSeconds)}`);
  return Object.fromEntries([...groups].map(([key, some]) => [key, textOf(addReadings(undefined, some))]));
}

/** Reads the windows of devices. */
export async function readWindows(
  { dynamodb, windowsTable }: Deployment,
  deviceIds: readonly string[],
): Promise<Windows> {
  const windows: Record<string, string> = {};
  for (const deviceId of deviceIds) {
    const query = new QueryCommand({
      TableName: windowsTable,
      KeyConditionExpression: 'deviceId = :device',
      ExpressionAttributeValues: { ':device': { S: deviceId } },
      ConsistentRead: true,
    });
    const { Items = [] } = await dynamodb.send(query);
    for (const item of Items) {
      const number = (name: string): string => item[name]?.N ?? '?';
      const [sum, min, max] = [number('sum'), number('min'), number('max')];
      windows[`${deviceId} ${item['windowStart']?.S}`] = textOf({ count: Number(number('count')), sum, min, max });
    }
  }
  return windows;
}

function textOf({ count, sum, min, max }: Omit<WindowState, 'version'>): string {
  return `${count} ${sum} ${min} ${max}`;
}

/** Number of readings in windows. */
export function countIn(windows: Windows): number {
  return Object.values(windows).reduce((sum, text) => sum + Number(text.split(' ')[0]), 0);
}
