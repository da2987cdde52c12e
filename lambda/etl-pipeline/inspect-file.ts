import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { readSource, type Source } from './adapters/s3-source';
import { s3Limits } from './adapters/s3-store';
import type { Dataset } from './dataset';
import { FileRefusedError } from './errors';
import type { EtlFile, Format } from './file';
import { checkHeader } from './inspection';
import { openText } from './open-text';
import { RecordScanner } from './record-scanner';
import { orRefusal, step } from './step';
import { runSchema } from './step-input';
import { compressionOf, decompress, markedEncoding } from './text-stream';

const settings = readEnvironment(
  z.object({ MAXIMUM_FILE_BYTES: wholeNumber, MAXIMUM_RECORD_BYTES: wholeNumber }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Finds out how a file is compressed and encoded, and checks its header. */
export const handler = step(runSchema, (run, { signal, hasTimeLeft }) =>
  orRefusal(run, async () => {
    const { file } = run;
    const source = { client, signal, bucket: file.bucket, key: file.key, versionId: file.versionId };
    const format = await inspect(source, file, hasTimeLeft);
    const { compression, encoding } = format;
    logger.info('file inspected', { fileId: file.fileId, compression, encoding });
    return { ...run, decision: 'split', format };
  }),
);

async function inspect(source: Source, file: EtlFile, hasTimeLeft: () => boolean): Promise<Format> {
  const { bytes, dataset } = file;
  const maximumBytes = settings.MAXIMUM_FILE_BYTES;
  if (bytes === 0) throw new FileRefusedError('it is empty');
  if (bytes > maximumBytes) throw new FileRefusedError(`it has ${bytes} bytes: use at most ${maximumBytes}`);
  const compression = compressionOf(await firstBlock(readSource(source, Math.min(bytes, 4))));
  const decompressed = decompress(readSource(source, bytes), compression, { storedBytes: bytes, maximumBytes });
  const encoding = encodingOf(dataset, await firstBlock(decompressed));
  const format = { compression, encoding };
  if (dataset.format === 'jsonl') return format;
  const text = openText({ source, file, format, maximumBytes, hasTimeLeft });
  return { ...format, header: checkHeader(await firstRecord(text, dataset), dataset) };
}

/** The mark decides, even against the dataset: a spreadsheet that writes one has written that encoding. */
function encodingOf({ encoding }: Dataset, start: Buffer): Format['encoding'] {
  return markedEncoding(start) ?? (encoding === 'auto' ? 'utf-8' : encoding);
}

async function firstBlock(blocks: AsyncIterable<Buffer>): Promise<Buffer> {
  for await (const block of blocks) return block;
  return Buffer.alloc(0);
}

async function firstRecord(text: AsyncIterable<Buffer>, { delimiter }: Dataset): Promise<string | undefined> {
  const scanner = new RecordScanner({ delimiter, maximumRecordBytes: settings.MAXIMUM_RECORD_BYTES });
  for await (const block of text) for (const { raw } of scanner.push(block)) return raw;
  for (const { raw } of scanner.end()) return raw;
  return undefined;
}
