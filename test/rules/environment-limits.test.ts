import { architectures } from '../../lib/architectures';
import type { Settings } from '../../scenarios/shared/scenario';
import { synthesize } from '../synthesis';
import { functionRules } from './function-rules';
import type { Resource } from './rule';
import { ruleOf } from './sound-template';

const watermark = { image: 'watermark.png', gravity: 'southeast', scale: 0.25, opacity: 0.55 };

/** Variants with the longest names that the schema accepts, each with a watermark: 266 bytes each in the environment. */
const variants = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `${'a'.repeat(60)}-${index.toString(16)}`,
    ...{ width: 10_000 + index, height: 10_000, fit: 'contain', format: 'webp', quality: 100, watermark },
  }));

const key = `arn:aws:kms:ap-southeast-1:111111111111:key/${'a'.repeat(36)}`;
const payment = (url: string) => ({
  provider: 'https',
  url,
  secretArn: `arn:aws:secretsmanager:ap-southeast-1:111111111111:secret:${'s'.repeat(512)}-Ab12Cd`,
  secretKeyArn: key,
  idempotencySeconds: 86_400,
});

/** Settings at their limits: whatever reaches the environment of a function is as long as the schema accepts. */
const longest: Readonly<Record<string, Settings>> = {
  'image-resize': {
    variants: variants(10),
    input: { prefix: 'i'.repeat(200) },
    output: { prefix: 'o'.repeat(200), cacheControl: '"'.repeat(200) },
    ...{ maximumBytes: 104_857_600, maximumPixels: 200_000_000, memoryMegabytes: 10_240 },
  },
  'queue-processor': {
    backoff: { baseSeconds: 900, capSeconds: 900 },
    maxReceiveCount: 30,
    ...{ timeoutSeconds: 900, safetyMarginMilliseconds: 60_000 },
  },
  'scheduled-backup': {
    sourceBucketName: 's'.repeat(63),
    sourceKeyArn: key,
    restoreTargets: Array.from({ length: 20 }, (_, index) => `${'t'.repeat(61)}${index + 10}`),
  },
  'order-workflow': {
    payment: payment(`https://payments.example.com/${'p'.repeat(2_000)}`),
    senderEmail: 'a@b.example',
  },
  'database-access': { engine: 'mysql', timeoutSeconds: 900, queryTimeoutSeconds: 120 },
};

const rule = ruleOf(functionRules, /4,096 bytes/);

/** @throws Error of the synthesis */
async function breaches(id: string, slug: string, settings: Settings): Promise<string[]> {
  const { Resources } = synthesize({ stage: 'prod', [slug]: settings })
    .template(id)
    .toJSON() as {
    Resources: Readonly<Record<string, Resource>>;
  };
  const resources = new Map(Object.entries(Resources));
  return rule.breaches({ id, slug, stage: 'prod', resources, outputs: new Map() });
}

it.each(architectures)('the environments of $id fit with the settings at their limits', async ({ id, slug }) => {
  expect(await breaches(id, slug, longest[slug] ?? {})).toEqual([]);
});

it.each([
  ['ImageResize', 'image-resize', { ...longest['image-resize'], variants: variants(16) }, 'VARIANTS'],
  [
    'OrderWorkflow',
    'order-workflow',
    { payment: payment(`https://payments.example.com/${'p'.repeat(4_000)}`) },
    'PAYMENTS_URL',
  ],
])('%s is refused at synth with longer settings, by the name of the variable', async (id, slug, settings, variable) => {
  await expect(breaches(id, slug, settings)).rejects.toThrow(
    new RegExp(`has \\d+ bytes of environment, and Lambda accepts 4096: shorten the settings, first ${variable}`),
  );
});
