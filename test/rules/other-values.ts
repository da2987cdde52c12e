import { z } from 'zod';
import type { Architecture } from '../../lib/architectures';
import type { Settings } from '../../scenarios/shared/scenario';
import { optionalFeatures } from '../optional-features';

/** A setting and settings in which it alone has another value than by default, or with those that it needs. */
export interface OtherValue {
  /** Path: `backoff.capSeconds`. */
  readonly setting: string;
  readonly settings: Settings;
}

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Other values of settings whose schema does not give one, by architecture and path. */
const givenValues: Readonly<Record<string, Readonly<Record<string, Settings>>>> = {
  'image-resize': {
    variants: { variants: [{ name: 'small', width: 100, fit: 'inside', format: 'webp', quality: 75 }] },
    'output.prefix': { output: { prefix: 'small/' } },
    'output.cacheControl': { output: { cacheControl: 'no-store' } },
  },
  'volume-cleanup': {
    regions: { regions: ['eu-west-1'] },
    scheduleExpression: { scheduleExpression: 'cron(30 5 * * ? *)' },
    exemptTags: { exemptTags: ['keep'] },
    ownerTag: { ownerTag: 'team' },
    otherKinds: { otherKinds: ['instances'] },
    recycleBinDays: { recycleBinDays: 30 },
  },
  'scheduled-backup': {
    scheduleExpression: { scheduleExpression: 'cron(30 5 * * ? *)' },
    timeZone: { timeZone: 'Asia/Tokyo' },
    sourceKeyArn: {
      sourceBucketName: 'my-data',
      sourceKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/0a1b2c3d',
    },
    restoreTargetKeyArns: {
      restoreTargets: ['another-bucket'],
      restoreTargetKeyArns: ['arn:aws:kms:us-east-1:111111111111:key/0a1b2c3d'],
    },
  },
  'etl-pipeline': {
    datasets: {
      datasets: [
        {
          name: 'other',
          prefix: 'other/',
          columns: [{ name: 'id', type: 'text', required: true }],
          primaryKey: ['id'],
        },
      ],
    },
  },
  'resource-tagger': {
    'tagKeys.creator': { tagKeys: { creator: 'owner' } },
    'tagKeys.createdAt': { tagKeys: { createdAt: 'since' } },
    'tagKeys.eventId': { tagKeys: { eventId: 'event' } },
    'tagKeys.costCenter': { tagKeys: { costCenter: 'cost' } },
    costCenters: { costCenters: { 'role/Deploy': '1200' } },
    requiredTags: { requiredTags: ['team'] },
  },
  'document-renderer': {
    largeRenderProcessors: { largeRenders: 'fargate', largeRenderProcessors: 4 },
  },
  'gitops-pipeline': {
    acceptedFindings: { acceptedFindings: ['code/no-eval'] },
    environments: { environments: [{ name: 'test', branch: 'main', stacks: '*-test', approval: true }] },
  },
  'approval-workflow': {
    policy: {
      policy: {
        people: { ana: { principals: ['arn:aws:iam::111122223333:user/ana'], email: 'ana@example.com' } },
        teams: {},
        perPerson: { machines: 1, monthlyDollars: 50 },
        autoApproveDollars: 0,
        secondApproverDollars: 0,
      },
    },
    sizes: { sizes: { tiny: { instanceType: 't3.nano', hourlyDollars: 0.0052 } } },
    amiParameter: { amiParameter: '/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64' },
    startScripts: { startScripts: { docker: '#!/bin/sh' } },
    senderEmail: { senderEmail: 'machines@example.com' },
    systemsManager: {
      systemsManager: { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'], endpointGroupId: 'sg-0a1b2c3d' },
    },
  },
  'rest-api': {
    provisionedConcurrency: { provisionedConcurrency: { minimum: 2, maximum: 20 } },
    corsOrigins: { corsOrigins: ['https://app.example.com'] },
    machineClients: { machineClients: [{ name: 'nightly-report', access: ['read'] }] },
  },
  'database-access': { zones: { zones: ['eu-west-1a', 'eu-west-1c'] }, instanceClass: { instanceClass: 'm7g.large' } },
};

/** Another value of each setting of an architecture, and every other one of a choice. */
export function otherValues({ slug, settings: schema }: Architecture): OtherValue[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  return leaves(root, []).flatMap(({ path, schema: leaf }) => {
    const setting = path.join('.');
    const accepted = candidates(slug, path, leaf).filter((settings) => schema.safeParse(settings).success);
    if (accepted.length === 0) {
      throw new Error(`no other value of '${setting}' of ${slug} is known: give one in test/rules/other-values.ts`);
    }
    // Of a choice each value may be another resource; of a number one stands for all.
    const all = leaf.enum === undefined ? accepted.slice(0, 1) : accepted;
    return all.map((settings) => ({ setting, settings }));
  });
}

function leaves(
  schema: Schema,
  path: readonly string[],
): { readonly path: readonly string[]; readonly schema: Schema }[] {
  const { properties, default: initial } = schema;
  // An object that is off by default is one setting.
  if (properties === undefined || (path.length > 0 && initial === undefined)) return [{ path, schema }];
  return Object.entries(properties).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

function candidates(slug: string, path: readonly string[], leaf: Schema): Settings[] {
  const given = givenValues[slug]?.[path.join('.')];
  const [name = ''] = path;
  const features = optionalFeatures[slug] ?? {};
  const optional = features[name];
  return [
    ...(given === undefined ? [] : [given]),
    ...derived(leaf).map((value) => nested(path, value)),
    ...(optional === undefined ? [] : [{ [name]: optional }, features]),
  ];
}

function derived({ type, enum: choice, default: initial, minimum, maximum }: Schema): unknown[] {
  const values =
    choice ??
    (type === 'boolean'
      ? [true, false]
      : type === 'integer' || type === 'number'
        ? [Number(initial ?? minimum) + 1, Number(initial ?? maximum) - 1, minimum, maximum]
        : []);
  return values.filter((value) => value !== undefined && value !== initial);
}

function nested([name = '', ...rest]: readonly string[], value: unknown): Settings {
  return { [name]: rest.length === 0 ? value : nested(rest, value) };
}
