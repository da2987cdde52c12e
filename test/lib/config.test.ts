import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { ConfigError, loadConfig, loadSettings } from '../../lib/config';

const architectures = [{ slug: 'image-resize', settings: z.strictObject({}) }];

it('nothing in the context means a sandbox on arm64 that tells nobody', () => {
  const config = loadConfig({}, architectures);
  expect(config).toMatchObject({ stage: 'sandbox', architecture: 'arm64', retainData: false, protectStack: false });
  expect(config.alarmEmail).toBeUndefined();
});

it('prod keeps data, protects the stack and keeps logs for a year', () => {
  expect(loadConfig({ stage: 'prod' }, architectures)).toMatchObject({
    retainData: true,
    protectStack: true,
    logRetention: RetentionDays.ONE_YEAR,
  });
});

it("CDK's own context is left alone", () => {
  const context = {
    '@aws-cdk/core:flag': true,
    'aws:cdk:bundling-stacks': [],
    'hosted-zone:account=1': {},
    'cli-telemetry': false,
  };
  expect(() => loadConfig(context, architectures)).not.toThrow();
});

it.each([
  [
    { stgae: 'prod' },
    `context: unknown key 'stgae' (received "prod"): use one of stage, architecture, alarmEmail, image-resize`,
  ],
  [{ stage: 'qa' }, 'stage: received "qa": use one of sandbox, prod'],
  [{ architecture: 'mips' }, 'architecture: received "mips": use one of arm64, x86_64'],
  [{ alarmEmail: 'nobody' }, 'alarmEmail: received "nobody": use a valid email'],
])('%j is refused with the key, the value and the fix', (context, message) => {
  expect(() => loadConfig(context, architectures)).toThrow(new ConfigError(message));
});

describe('settings of an architecture', () => {
  const schema = z.strictObject({
    seconds: z.int().min(1).max(900).default(60),
    names: z.array(z.string()).default([]),
    code: z
      .string()
      .regex(/^[a-z]*$/, 'use lower-case letters')
      .default(''),
    inner: z.strictObject({}).optional(),
  });

  it('come as an object or as JSON text, and have defaults', () => {
    expect(loadSettings({ x: { seconds: 5 } }, 'x', schema)).toMatchObject({ seconds: 5, names: [] });
    expect(loadSettings({ x: '{"seconds":5}' }, 'x', schema)).toMatchObject({ seconds: 5, names: [] });
    expect(loadSettings({}, 'x', schema)).toEqual({ seconds: 60, names: [], code: '' });
  });

  it.each([
    ['{"seconds":', `x: received "{\\"seconds\\":", which is not JSON: use -c x='{"key":"value"}'`],
    [{ seconds: '5' }, 'x.seconds: received "5": use a number'],
    [{ seconds: 0 }, 'x.seconds: received 0: use at least 1'],
    [{ seconds: 901 }, 'x.seconds: received 901: use at most 900'],
    [{ code: 'A' }, 'x.code: received "A": use lower-case letters'],
    [{ names: [1] }, 'x.names.0: received 1: use a string'],
    [{ second: 5 }, `x: unknown key 'second' (received 5): use one of seconds, names, code, inner`],
    [{ inner: { a: 1 } }, `x.inner: unknown key 'a' (received 1): remove it, or check its spelling`],
    [{ seconds: 0, names: 3 }, 'x.seconds: received 0: use at least 1 (and 1 more)'],
  ])('%j is refused with the key, the value and the fix', (value, message) => {
    expect(() => loadSettings({ x: value }, 'x', schema)).toThrow(new ConfigError(message));
  });
});
