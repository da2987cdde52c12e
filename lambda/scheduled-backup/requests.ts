import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { isDay } from './day';
import { InvalidRequestError } from './errors';

/** Calendar day of a request. */
const day = z.string().check(z.refine(isDay, { error: 'use a day such as 2026-11-20' }));

/** Input of the backup's state machine, from the schedule or a person: the time that was due, or the day itself. */
export const backupRequestSchema = z
  .strictObject({
    /** Time the schedule was due, ISO 8601 in UTC; its day in the schedule's time zone is the day of the backup. */
    scheduledTime: z.optional(z.iso.datetime()),
    /** Day of the backup, whatever the time zone is now. */
    day: z.optional(day),
    /** Verifies the day's existing backup and copies nothing. */
    verifyOnly: z._default(z.boolean(), false),
  })
  .check(
    z.refine((request) => (request.scheduledTime === undefined) !== (request.day === undefined), {
      error: 'use scheduledTime or day, one of them',
    }),
  );

export type BackupRequest = z.input<typeof backupRequestSchema>;

/** Input of the restore's state machine. */
export const restoreRequestSchema = z.strictObject({
  day,
  /** Restores only keys that begin with it. */
  prefix: z._default(z.string(), ''),
  /** Source bucket, or one of the stack's `restoreTargets`. @default the source bucket */
  targetBucket: z.optional(z.string()),
  /** Checks everything and writes nothing. */
  dryRun: z._default(z.boolean(), false),
  /** Replaces objects that differ from the backup. @default they are kept */
  overwrite: z._default(z.boolean(), false),
});

export type RestoreRequest = z.input<typeof restoreRequestSchema>;

/** Execution of the state machine, which adds this to every request. */
export const executionSchema = z.object({
  /** ARN. */
  id: z.string(),
  /** Name, unique within the state machine; it names the run in the journal. */
  name: z.string(),
  startedAt: z.string(),
});

export type Execution = z.output<typeof executionSchema>;

/**
 * Parses a request of a person or the schedule.
 *
 * @throws InvalidRequestError with the value received, each invalid field, and the fix
 */
export function parseRequest<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  return parse(schema, input, `received ${JSON.stringify(input).slice(0, 300)}`);
}

/**
 * Parses the input that the state machine gives to a step.
 *
 * @throws InvalidRequestError with each invalid field but none of their values, since keys are personal data
 */
export function parseStepInput<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  return parse(schema, input, `received ${input === null ? 'null' : typeof input} that is not the input of this step`);
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, input: unknown, received: string): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError(`${received}: ${describeIssues(parsed.error).join('; ')}`);
}
