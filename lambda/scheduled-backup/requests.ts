import * as z from 'zod/mini';
import { isDay } from './day';
import { UnusableRequest } from './failures';

/** What starts a backup: the schedule's input, or a person's. */
export const backupRequestSchema = z.strictObject({
  /** The moment that the schedule was due at, ISO 8601 in UTC; its day in the schedule's time zone is the backup's. */
  scheduledTime: z.iso.datetime(),
  /** Checks the day's backup as it lies there, and copies nothing. */
  verifyOnly: z._default(z.boolean(), false),
});

export type BackupRequest = z.input<typeof backupRequestSchema>;

/** What starts a restore. */
export const restoreRequestSchema = z.strictObject({
  day: z.string().check(z.refine(isDay, { error: 'use a day such as 2026-11-20' })),
  /** Only keys that start so. */
  prefix: z._default(z.string(), ''),
  /** The source bucket, or one of the stack's `restoreTargets`; without it the source bucket. */
  targetBucket: z.optional(z.string()),
  /** Looks at everything and writes nothing. */
  dryRun: z._default(z.boolean(), false),
  /** Replaces objects that differ from the backup; otherwise they are kept. */
  overwrite: z._default(z.boolean(), false),
});

export type RestoreRequest = z.input<typeof restoreRequestSchema>;

/** Which execution of a state machine is at work, as the machine adds it to every request. */
export const executionSchema = z.object({
  /** The ARN. */
  id: z.string(),
  /** The name, unique for the machine: what the run is called in the journal. */
  name: z.string(),
  startedAt: z.string(),
});

export type Execution = z.output<typeof executionSchema>;

/**
 * What a person or a schedule asks for.
 *
 * @throws UnusableRequest with the value received, each field that is wrong, and the fix
 */
export function readRequest<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  return read(schema, input, `received ${JSON.stringify(input).slice(0, 300)}`);
}

/**
 * What the state machine gives to a step.
 *
 * @throws UnusableRequest with each field that is wrong, and nothing of what they hold: keys are somebody's data
 */
export function readStep<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  return read(schema, input, `received ${input === null ? 'null' : typeof input}, not what this step is given`);
}

function read<Schema extends z.ZodMiniType>(schema: Schema, input: unknown, received: string): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
  throw new UnusableRequest(`${received}: ${where.join('; ')}`);
}
