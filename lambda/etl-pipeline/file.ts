import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { datasetSchema } from './dataset';

/** Index of the Files table with files that have reached no end, by `watch` and `since`. */
export const watchedIndexName = 'watched';

/** File under way: every step of the state machine receives it. */
export const fileSchema = z.object({
  /** Made from bucket, key and version, so that it is the same for each delivery of an event. */
  fileId: z.string(),
  bucket: z.string(),
  key: z.string(),
  versionId: z.string(),
  bytes: z.number(),
  /** Place among all files: later files have greater texts. */
  order: z.string(),
  /** Time of the upload. */
  uploadedAt: z.string(),
  /** Counts the executions that processed the file. */
  generation: z.number(),
  /** As it was configured when the file was claimed: a deployment does not change a file under way. */
  dataset: datasetSchema,
});

export type EtlFile = z.output<typeof fileSchema>;

export const formatSchema = z.object({
  compression: z.enum(['none', 'gzip', 'zstd']),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
  /** Names in the first record; undefined where the format has no header. */
  header: z.optional(z.array(z.string())),
});

export type Format = z.output<typeof formatSchema>;

export function fileIdOf(bucket: string, key: string, versionId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, key, versionId]))
    .digest('hex')
    .slice(0, 24);
}

/**
 * Text by which files are ordered: time of the upload, which S3 keeps to the second, then the event's sequencer, which orders the
 * versions of one key, and at last the file's id: no two files have the same place. S3 writes sequencers as hexadecimal digits of any length, to be compared after padding at the right.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function fileOrder(uploadedAt: Date, sequencer: string, fileId: string): string {
  return `${uploadedAt.toISOString()}/${sequencer.toUpperCase().padEnd(32, '0')}/${fileId}`;
}

/** Day of a file in the curated layout: that of its upload, so that a replay writes to the same day. */
export function dayOf({ uploadedAt }: Pick<EtlFile, 'uploadedAt'>): string {
  return uploadedAt.slice(0, 10);
}

/** Keys of what a file leaves in the Work bucket, by generation, so that a replay does not find results of other settings. */
export function workKeys({ fileId, generation }: Pick<EtlFile, 'fileId' | 'generation'>) {
  const folder = `files/${fileId}/${generation}/`;
  const numbered = (kind: string, ending: string) => (part: number) =>
    `${folder}${kind}/${String(part).padStart(8, '0')}.${ending}`;
  return {
    checkpoint: `${folder}split.json`,
    chunks: `${folder}chunks/`,
    chunk: numbered('chunks', 'jsonl'),
    staged: `${folder}staged/`,
    stagedRows: numbered('staged', 'jsonl'),
    transformed: `${folder}transformed/`,
    transformation: numbered('transformed', 'json'),
    loaded: `${folder}loaded/`,
    load: numbered('loaded', 'json'),
    progress: numbered('progress', 'json'),
  };
}

/** Number of a part, from its key. */
export function partOf(key: string): number {
  return Number(/(\d{8})\.\w+$/.exec(key)?.[1]);
}

/** Keys of what a file leaves in the Curated bucket. */
export function resultKeys({ fileId, dataset, ...file }: EtlFile) {
  const part = (number: number): string => `part-${String(number).padStart(8, '0')}`;
  return {
    report: `reports/${dataset.name}/${fileId}.json`,
    rejected: (number: number) => `rejected/${dataset.name}/${fileId}/${part(number)}.jsonl`,
    rejectedPrefix: `rejected/${dataset.name}/${fileId}/`,
    curated: (number: number) => `curated/${dataset.name}/day=${dayOf(file)}/${fileId}-${part(number)}.parquet`,
  };
}
