/** Time of day on the clock of a time zone. */
export interface DailyTime {
  readonly hour: number;
  readonly minute: number;
}

/** Fields of a schedule that is due once on every day: minute, hour, day of month, month, day of week, year. */
const dailyCron = /^cron\((\d{1,2}) (\d{1,2}) (?:\* \* \?|\? \* \*)(?: \*)?\)$/;

/** Returns the time of a daily schedule, or undefined if it is not due exactly once on every day. */
export function dailyTimeOf(expression: string): DailyTime | undefined {
  const [, minute, hour] = dailyCron.exec(expression) ?? [];
  const time = { hour: Number(hour), minute: Number(minute) };
  return time.hour <= 23 && time.minute <= 59 ? time : undefined;
}

const millisecondsPerDay = 86_400_000;

/**
 * Returns the first day on which clocks skip the time, within two years; undefined if there is none. EventBridge Scheduler skips the
 * invocation on such a day: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function firstSkippedDay({ hour, minute }: DailyTime, timeZone: string, from: Date): string | undefined {
  const clock = clockOf(timeZone);
  const start = Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate(), hour, minute);
  for (let days = 0; days < 2 * 366; days++) {
    // As if the zone were UTC: the instant of this local time is off by one of the zone's offsets around it.
    const local = start + days * millisecondsPerDay;
    const offsets = [-millisecondsPerDay, millisecondsPerDay].map((away) => clock(local + away) - (local + away));
    if (!offsets.some((offset) => clock(local - offset) === local)) return new Date(local).toISOString().slice(0, 10);
  }
  return undefined;
}

/** Clock of a time zone: it gives the local time of an instant, as if that were in UTC. */
function clockOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  };
}
