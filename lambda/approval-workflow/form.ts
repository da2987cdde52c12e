import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { nameSchema } from './policy';

/** Text of people: no control characters but line breaks, so that it can be shown in mails and on terminals. */
// eslint-disable-next-line no-control-regex
const plainText = /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/;

const instant = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'use a time such as 2027-01-31T18:00:00Z'))
  .check(
    z.refine((text) => !Number.isNaN(Date.parse(text)) && toInstant(new Date(text)) === text, 'use a time that exists'),
  );

/** A time without fractions of seconds, which EventBridge Scheduler does not take. */
export function toInstant(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

export const formSchema = z.strictObject({
  /** Chosen by the caller, who repeats a request with it without asking twice. */
  token: z.string().check(z.regex(/^[\w-]{8,64}$/, 'use 8 to 64 letters, digits, hyphens and underscores')),
  team: nameSchema,
  purpose: z
    .string()
    .check(z.minLength(3), z.maxLength(500), z.regex(plainText, 'use text without control characters')),
  size: nameSchema,
  startScript: z._default(nameSchema, 'none'),
  endsAt: instant,
});
export type Form = z.output<typeof formSchema>;

const extensionSchema = z.strictObject({ endsAt: instant });

/** Request that its sender can correct. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
  constructor(readonly issues: readonly string[]) {
    super(issues.join('; '));
  }
}

/** Sizes, scripts and times that anybody may ask for. */
export interface Offer {
  readonly sizes: readonly string[];
  readonly startScripts: readonly string[];
  readonly maximumDays: number;
}

/** @throws InvalidRequestError that names each wrong field and no value */
export function parseForm(body: unknown, offer: Offer, now: Date): Form {
  const form = parse(formSchema, body);
  const issues = [
    ...(offer.sizes.includes(form.size) ? [] : [`size: use one of ${offer.sizes.join(', ')}`]),
    ...(offer.startScripts.includes(form.startScript)
      ? []
      : [`startScript: use one of ${offer.startScripts.join(', ')}`]),
    ...endIssues(form.endsAt, offer, now),
  ];
  if (issues.length > 0) throw new InvalidRequestError(issues);
  return form;
}

/** @throws InvalidRequestError */
export function parseExtension(body: unknown, offer: Offer, now: Date, endsAt: string): string {
  const { endsAt: wanted } = parse(extensionSchema, body);
  const issues = endIssues(wanted, offer, now);
  if (wanted <= endsAt) issues.push(`endsAt: use a time after ${endsAt}`);
  if (issues.length > 0) throw new InvalidRequestError(issues);
  return wanted;
}

function endIssues(endsAt: string, { maximumDays }: Offer, now: Date): string[] {
  const milliseconds = Date.parse(endsAt) - now.getTime();
  if (milliseconds <= 0) return ['endsAt: use a time in the future'];
  return milliseconds > maximumDays * 86_400_000 ? [`endsAt: use a time within ${maximumDays} days`] : [];
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError(describeIssues(parsed.error, 'body'));
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Id of a request: the same for a repeated one of the same caller. */
export function requestIdOf(principal: string, token: string): string {
  return `r-${hash(`${principal}\n${token}`).slice(0, 24)}`;
}

/** Hash of what a form asks for. */
export function contentOf(form: Form): string {
  return hash(JSON.stringify([form.team, form.purpose, form.size, form.startScript, form.endsAt]));
}
