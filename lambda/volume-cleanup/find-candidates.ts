import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import * as z from 'zod/mini';
import { Deadline } from '../shared/deadline';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { createEC2Client } from '../shared/ec2-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger, publishMetrics } from '../shared/observability';
import { createSNSClient } from '../shared/sns-client';
import { candidates } from './adapters/dynamodb-candidates';
import { addressKind } from './adapters/ec2-addresses';
import { orphanedSnapshotKind } from './adapters/ec2-orphaned-snapshots';
import { stoppedInstanceKind } from './adapters/ec2-stopped-instances';
import { ec2Volumes } from './adapters/ec2-volumes';
import { publish } from './adapters/sns-reports';
import { cleanUpRegion, type RegionRun } from './clean-up-region';
import { metricDimension, type MetricName } from './metric-names';
import type { Finding } from './ports';
import { dollarsOfVolume } from './prices';
import { countsOf, noticesOf, reportOf, savedBy } from './report';

const settings = readEnvironment(
  z.object({
    CANDIDATES_TABLE_NAME: z.string(),
    REPORTS_TOPIC_ARN: z.string(),
    REGIONS: z.string(),
    STACK_NAME: z.string(),
    MINIMUM_AGE_DAYS: wholeNumber,
    GRACE_DAYS: wholeNumber,
    SNAPSHOT_DAYS: wholeNumber,
    MAXIMUM_VOLUMES: wholeNumber,
    MAXIMUM_GIBIBYTES: wholeNumber,
    EXEMPT_TAGS: z.string(),
    OWNER_TAG: z.string(),
    DRY_RUN: z.enum(['true', 'false']),
    OTHER_KINDS: z.string(),
    RELEASE_ADDRESSES: z.enum(['true', 'false']),
  }),
  process.env,
);

const day = 86_400_000;
const now = (): number => Date.now();
const sns = createSNSClient();
const exemptTags = JSON.parse(settings.EXEMPT_TAGS) as string[];
const policy = {
  minimumAgeMilliseconds: settings.MINIMUM_AGE_DAYS * day,
  graceMilliseconds: settings.GRACE_DAYS * day,
  exemptTags,
  dryRun: settings.DRY_RUN === 'true',
};
const caps = { volumes: settings.MAXIMUM_VOLUMES, gibibytes: settings.MAXIMUM_GIBIBYTES };
const records = candidates({ client: createDynamoDBClient(), tableName: settings.CANDIDATES_TABLE_NAME }, caps, now);
const otherKindNames = new Set(settings.OTHER_KINDS.split(','));
const regions = settings.REGIONS.split(',').map((region) => {
  // Descriptions of many volumes take seconds.
  const client = createEC2Client({ maxAttempts: 5, requestTimeout: 20_000 }, region);
  const otherKinds: RegionRun['otherKinds'] = (volumes) => [
    ...(otherKindNames.has('addresses') ? [addressKind(client, settings.RELEASE_ADDRESSES === 'true')] : []),
    ...(otherKindNames.has('snapshots') ? [orphanedSnapshotKind(client, new Set(volumes.map(({ id }) => id)))] : []),
    ...(otherKindNames.has('instances')
      ? [stoppedInstanceKind(client, new Map(volumes.map((volume) => [volume.id, dollarsOfVolume(volume)])))]
      : []),
  ];
  return { region, volumes: ec2Volumes({ client, stack: settings.STACK_NAME }), otherKinds };
});

/** Takes each resource one step on, in each region, and reports. A run that is cut off is continued by the next. */
export const handler = async (_event: unknown, context: Context): Promise<Record<string, number>> => {
  logger.addContext(context);
  const deadline = new Deadline(() => context.getRemainingTimeInMillis());
  const reserve = deadline.remainingMilliseconds * 0.25;
  const findings: Finding[] = [];
  const failed: string[] = [];
  const send = async (messages: ReturnType<typeof reportOf>): Promise<void> => {
    for (const message of messages) await publish(sns, settings.REPORTS_TOPIC_ARN, message);
  };
  for (const region of regions) {
    failed.push(
      ...(await cleanUpRegion({
        ...{ ...region, records, policy, now },
        ownerTag: settings.OWNER_TAG,
        snapshotMilliseconds: settings.SNAPSHOT_DAYS * day,
        hasTimeLeft: () => deadline.hasTimeLeft(reserve),
        notify: (noticed) => send(noticesOf(noticed, settings.GRACE_DAYS, exemptTags[0] ?? 'keep')),
        report: (finding) => void findings.push(finding),
        each: async (items, act) => void (await pMap(items, act, { concurrency: 16 })),
      })),
    );
  }
  await send(reportOf(findings, policy.dryRun));
  const counts = countsOf(findings);
  const isComplete = failed.length === 0 && deadline.hasTimeLeft(reserve);
  const metrics: Partial<Record<MetricName, number>> = {
    FailedVolumes: counts.failed ?? 0,
    DeletedVolumes: counts.deleted ?? 0,
    SavedDollars: savedBy(findings),
    ...(isComplete ? { CompletedRuns: 1 } : {}),
  };
  publishMetrics({ [metricDimension]: settings.CANDIDATES_TABLE_NAME }, metrics);
  logger.info('regions cleaned up', { counts, failed });
  if (failed.length > 0) throw new RegionFailedError(failed.join('; '));
  return counts;
};

/** Thrown after all regions were tried; the invocation is repeated. */
class RegionFailedError extends Error {
  override readonly name = 'RegionFailedError';
}
