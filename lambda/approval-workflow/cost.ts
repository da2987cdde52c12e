import * as z from 'zod/mini';

/** Machine of a size with its price: a row of the price table in the settings. */
export const sizeSchema = z.object({
  instanceType: z.string(),
  diskGigabytes: z.int().check(z.positive()),
  hourlyDollars: z.number().check(z.positive()),
});
export type Size = z.output<typeof sizeSchema>;

export interface Prices {
  readonly sizes: Readonly<Record<string, Size>>;
  /** Dollars of a gigabyte of disk in a month. */
  readonly diskDollars: number;
}

/** Hours of a month as AWS's price pages count them. */
const monthHours = 730;

/** Cents of so many hours, rounded up to whole ones. */
export function costCents({ diskDollars }: Prices, size: Size, hours: number): number {
  const dollars = size.hourlyDollars * hours + (size.diskGigabytes * diskDollars * hours) / monthHours;
  // Rounded to a millionth first, or the error of a product of binary fractions would add a cent.
  return Math.ceil(Math.round(dollars * 1e8) / 1e6);
}

export function monthlyCents(prices: Prices, size: Size): number {
  return costCents(prices, size, monthHours);
}

/** Cents from one instant to another; none if the second is the earlier. */
export function estimateCents(prices: Prices, size: Size, from: Date, to: Date): number {
  return costCents(prices, size, Math.max(0, to.getTime() - from.getTime()) / 3_600_000);
}

/** `$12.30` */
export function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
