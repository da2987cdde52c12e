import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { loadSchema, totalLoads, type LoadTotals } from './accounting';
import { endFile } from './adapters/dynamodb-files';
import { copySource } from './adapters/s3-source';
import { readAllJson, s3Limits, writeJson, type Store } from './adapters/s3-store';
import { publishEtlMetrics } from './etl-metrics';
import { resultKeys, workKeys, type EtlFile } from './file';
import { makeReport, messageOf, type Report } from './report';
import { step } from './step';
import { runSchema, type Run } from './step-input';

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
/** Client for copies: S3 answers once it has copied, which takes minutes for files of gigabytes. */
const copying = createS3Client({ ...s3Limits, requestTimeout: 300_000, socketTimeout: 300_000 });
const dynamodb = createDynamoDBClient({ maxAttempts: 6 });

/** Last step of a file, however it ended: writes the report, and returns the message to the team. */
export const handler = step(runSchema, async (run, { signal }) => {
  const { file, refusal, failure } = run;
  const work = { client: s3, signal, bucket: settings.WORK_BUCKET_NAME };
  const status = failure !== undefined ? 'failed' : refusal !== undefined ? 'quarantined' : 'loaded';
  const report = makeReport({
    run,
    status,
    reason: failure?.Error ?? refusal,
    loaded: status === 'loaded' ? await totals(run, work) : undefined,
    quarantinedTo: status === 'quarantined' ? await quarantine(file, signal) : undefined,
    now: new Date(),
  });
  await writeJson({ ...work, bucket: settings.CURATED_BUCKET_NAME }, resultKeys(file).report, report);
  await recordEnd(report);
  return messageOf(report);
});

async function totals({ file, split, transformed }: Run, work: Store): Promise<LoadTotals> {
  const chunks = await readAllJson(work, workKeys(file).loaded, loadSchema);
  const nothing = { rows: 0, staged: 0, rejected: 0, reasons: {} };
  return totalLoads(split ?? { parts: 0, rows: 0 }, transformed ?? nothing, chunks);
}

/** Characters that a quarantined file keeps of its name, from the end. */
const longestName = 200;

/** Copies the file beside its folder; its version stays as well, and is what a replay reads. */
async function quarantine(file: EtlFile, signal: AbortSignal): Promise<string | undefined> {
  const { fileId, bucket, key, versionId, bytes, dataset } = file;
  // A key has 1,024 bytes, and this one's folders may be longer than those of the file.
  const name = Array.from(key.split('/').at(-1) ?? '')
    .slice(-longestName)
    .join('');
  const target = `quarantine/${dataset.name}/${fileId}/${name}`;
  return (await copySource({ client: copying, signal, bucket, key, versionId }, bytes, target)) ? target : undefined;
}

async function recordEnd({ fileId, generation, status, reason, endedAt, ...report }: Report): Promise<void> {
  const { rows, loaded, unchanged, older, rejected } = report;
  const counts = { rows, loaded, unchanged, older, rejected };
  const recorded = await endFile(
    { client: dynamodb, tableName: settings.FILES_TABLE_NAME },
    { fileId, generation, status, reason, at: endedAt, counts },
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
