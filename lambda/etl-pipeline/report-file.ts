import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { translateBusyErrors } from '../shared/service-busy';
import { loadSchema, totalLoads, type LoadTotals } from './accounting';
import { endFile } from './adapters/dynamodb-files';
import { copySource } from './adapters/s3-source';
import { readAllJson, s3Limits, writeJson, type Store } from './adapters/s3-store';
import { publishEtlMetrics } from './etl-metrics';
import { resultKeys, workKeys } from './file';
import { makeReport, messageOf, type Report } from './report';
import { parseInput } from './s3-event';
import { runSchema, type Run } from './step-input';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({
    WORK_BUCKET_NAME: z.string(),
    CURATED_BUCKET_NAME: z.string(),
    FILES_TABLE_NAME: z.string(),
    ROWS_TABLE_NAME: z.string(),
  }),
  process.env,
);
const s3 = createS3Client(s3Limits);
const dynamodb = createDynamoDBClient({ maxAttempts: 6 });

/** Last step of a file, however it ended: writes the report, and returns the message to the team. */
export const handler = translateBusyErrors(
  async (input: unknown, context: Context): Promise<ReturnType<typeof messageOf>> => {
    logger.addContext(context);
    const run = parseInput(runSchema, input);
    const { file, refusal, failure } = run;
    const { signal } = timeLimitOf(context);
    const work = { client: s3, signal, bucket: settings.WORK_BUCKET_NAME };
    const keys = resultKeys(file);
    const status = failure !== undefined ? 'failed' : refusal !== undefined ? 'quarantined' : 'loaded';
    const reason = failure?.Error ?? refusal;
    const loaded = status === 'loaded' ? await totals(run, work) : undefined;
    const quarantinedTo = status === 'quarantined' ? await quarantine(run, work) : undefined;
    const report = makeReport({
      file,
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(run.transformed === undefined ? {} : { transformed: run.transformed }),
      ...(loaded === undefined ? {} : { loaded }),
      ...(quarantinedTo === undefined ? {} : { quarantinedTo }),
      parts: run.split?.parts ?? 0,
      rejectedPrefix: keys.rejectedPrefix,
      startedAt: new Date(run.startedAt),
      now: new Date(),
    });
    await writeJson({ ...work, bucket: settings.CURATED_BUCKET_NAME }, keys.report, report);
    await recordEnd(report);
    return messageOf(report);
  },
);

async function totals({ file, split, transformed }: Run, work: Store): Promise<LoadTotals> {
  const totalsOfSplit = split ?? { parts: 0, rows: 0 };
  const chunks = (await readAllJson(work, workKeys(file).loaded)).map((one) => parseInput(loadSchema, one));
  return totalLoads(totalsOfSplit, transformed ?? { rows: 0, staged: 0, rejected: 0, reasons: {} }, chunks);
}

/** Copies the file beside its folder; its version stays as well, and is what a replay reads. */
async function quarantine({ file }: Run, { client, signal }: Store): Promise<string | undefined> {
  const source = { client, signal, bucket: file.bucket, key: file.key, versionId: file.versionId };
  const target = `quarantine/${file.dataset.name}/${file.fileId}/${file.key.split('/').at(-1) ?? ''}`;
  return (await copySource(source, file.bytes, target)) ? target : undefined;
}

async function recordEnd({ fileId, generation, status, reason, endedAt, ...report }: Report): Promise<void> {
  const { rows, loaded, unchanged, older, rejected } = report;
  const counts = { rows, loaded, unchanged, older, rejected };
  const recorded = await endFile(
    { client: dynamodb, tableName: settings.FILES_TABLE_NAME },
    { fileId, generation, status, ...(reason === undefined ? {} : { reason }), at: endedAt, counts },
  );
  logger.info('file ended', { fileId, status, ...counts, recorded });
  publishEtlMetrics(settings.ROWS_TABLE_NAME, {
    LoadedFiles: status === 'loaded' ? 1 : 0,
    QuarantinedFiles: status === 'quarantined' ? 1 : 0,
    FailedFiles: status === 'failed' ? 1 : 0,
    LoadedRows: loaded,
    UnchangedRows: unchanged,
    OlderRows: older,
    RejectedRows: rejected,
    ...(rows === 0 ? {} : { RejectPercent: { value: (rejected / rows) * 100, unit: 'Percent' } }),
  });
}
