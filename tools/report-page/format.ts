/** Duration for people: `140 ms`, `4.2 s`, `1 min 48 s`. */
export function duration(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds < 950) return `${milliseconds} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Size in decimal units: 1 kB is 1,000 bytes. */
export function size(bytes: number): string {
  if (bytes < 1_000) return plural(bytes, 'byte');
  const [value, unit] = bytes < 999_500 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Number with grouped thousands and up to three fraction digits. */
export function number(value: number): string {
  const digits = Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 3 };
  return value.toLocaleString('en-US', digits);
}

const months = 'January February March April May June July August September October November December'.split(' ');

/** Date and time in UTC: `21 November 2026, 14:05 UTC`. */
export function moment(iso: string): string {
  const date = new Date(iso);
  const [hours, minutes] = [date.getUTCHours(), date.getUTCMinutes()].map((part) => String(part).padStart(2, '0'));
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}, ${hours}:${minutes} UTC`;
}
