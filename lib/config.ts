import type { StackProps } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { expectation } from '../lambda/shared/input-issues';

/** Differences between the stages; every stack derives its own from these alone. */
const profiles = {
  /** Deleted with all its data; cheap when idle. */
  sandbox: {
    retainData: false,
    protectStack: false,
    customerKeys: false,
    dashboards: false,
    logRetention: RetentionDays.ONE_MONTH,
    noncurrentVersionDays: 7,
    accessLogDays: 30,
  },
  /** Data outlives the stack, and the stack is protected against deletion. */
  prod: {
    retainData: true,
    protectStack: true,
    customerKeys: true,
    dashboards: true,
    logRetention: RetentionDays.ONE_YEAR,
    noncurrentVersionDays: 90,
    accessLogDays: 365,
  },
} as const;

const stages = Object.keys(profiles) as [Stage, ...Stage[]];

export type Stage = keyof typeof profiles;

/** Configuration that every stack takes beside its own settings. */
export interface Config {
  readonly stage: Stage;
  /** Processor architecture that functions are bundled for and run on, by Lambda's name. */
  readonly architecture: LambdaArchitecture;
  /** Address that is subscribed to every alarm topic. */
  readonly alarmEmail?: string;
  /** Folder of the bundled handlers, one folder each. */
  readonly handlersFolder: string;
  /** Folder of the content of layers, `<slug>/<processor>/opt` each: `.native`, which `npm ci` fills. */
  readonly layersFolder: string;
  readonly retainData: boolean;
  readonly protectStack: boolean;
  readonly customerKeys: boolean;
  readonly dashboards: boolean;
  readonly logRetention: RetentionDays;
  /** Days that overwritten and deleted object versions are kept. */
  readonly noncurrentVersionDays: number;
  readonly accessLogDays: number;
}

/** Props of every stack: the app's configuration and the architecture's own settings, nothing of another stack. */
export interface ArchitectureProps<Settings> extends StackProps {
  readonly config: Config;
  readonly settings: Settings;
}

export type LambdaArchitecture = 'arm64' | 'x86_64';

/** An architecture's settings: their key in the context, and their schema. */
export interface Configurable {
  readonly slug: string;
  readonly settings: z.ZodType;
}

/** Invalid configuration. The message is one line with the key, the value received and the fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const appSchema = z.strictObject({
  stage: z.enum(stages).default('sandbox'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  alarmEmail: z.email().optional(),
});

/**
 * Reads the app's configuration from CDK context.
 *
 * @param context every context value of the app; keys that belong to CDK itself are left out of the check
 * @throws ConfigError on an unknown key, a wrong type or an impossible combination
 */
export function loadConfig(
  context: Readonly<Record<string, unknown>>,
  architectures: readonly Configurable[],
): Omit<Config, 'handlersFolder' | 'layersFolder'> {
  const slugs = architectures.map((architecture) => architecture.slug);
  const own = Object.fromEntries(Object.entries(context).filter(([key]) => !belongsToCdk(key) && !slugs.includes(key)));
  const { alarmEmail, ...app } = parse(appSchema, own, '', [...Object.keys(appSchema.shape), ...slugs]);
  return { ...app, ...(alarmEmail === undefined ? {} : { alarmEmail }), ...profiles[app.stage] };
}

/**
 * Reads the settings of one architecture from the context key named by its slug, as an object or as JSON text
 * (`-c image-resize='{"timeoutSeconds":30}'`).
 *
 * @throws ConfigError on an unknown key, a wrong type or an impossible combination
 */
export function loadSettings<T extends z.ZodType>(
  context: Readonly<Record<string, unknown>>,
  slug: string,
  schema: T,
): z.output<T> {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return parse(schema, settingsInput(context[slug], slug), slug, known);
}

function settingsInput(value: unknown, slug: string): unknown {
  if (typeof value !== 'string') return value ?? {};
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new ConfigError(`${slug}: received ${show(value)}, which is not JSON: use -c ${slug}='{"key":"value"}'`);
  }
}

/** CDK's own context: feature flags, CLI settings, cached look-ups and two keys that the CLI stores without a prefix. */
function belongsToCdk(key: string): boolean {
  return key.includes('/') || key.includes(':') || ['acknowledged-issue-numbers', 'cli-telemetry'].includes(key);
}

function parse<T extends z.ZodType>(schema: T, input: unknown, prefix: string, known: readonly string[]): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new ConfigError(first === undefined ? `${prefix}: invalid` : describe(first, input, prefix, known) + more);
}

function describe(issue: z.core.$ZodIssue, input: unknown, prefix: string, known: readonly string[]): string {
  const key = [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.') || 'context';
  const value = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    input,
  );
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys.map((one) => `'${one}'`).join(', ');
    const received = issue.keys.map((one) => show((value as Record<string, unknown> | undefined)?.[one])).join(', ');
    const isTop = known.length > 0 && issue.path.length === 0;
    const fix = isTop ? `use one of ${known.join(', ')}` : 'remove it, or check its spelling';
    return `${key}: unknown key ${unknown} (received ${received}): ${fix}`;
  }
  // A default that is refused was not received; the message of such a check says what it found.
  const received = issue.code === 'custom' && value === undefined ? '' : `received ${show(value)}: `;
  return `${key}: ${received}${expectation(issue)}`;
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
