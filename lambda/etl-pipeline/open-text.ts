import { readSource, type Source } from './adapters/s3-source';
import type { EtlFile, Format } from './file';
import { decompress, isPlain, skip, toUtf8 } from './text-stream';

export interface OpenText {
  readonly source: Source;
  readonly file: Pick<EtlFile, 'bytes'>;
  readonly format: Pick<Format, 'compression' | 'encoding'>;
  readonly maximumBytes: number;
  readonly hasTimeLeft: () => boolean;
}

/** Text of a file in UTF-8, from a place in it on. */
export function openText(
  { source, file, format, maximumBytes, hasTimeLeft }: OpenText,
  offset = 0,
): AsyncIterable<Buffer> {
  const limits = { storedBytes: file.bytes, maximumBytes };
  if (isPlain(format)) return readSource(source, file.bytes, offset);
  const stored = decompress(readSource(source, file.bytes), format.compression, limits);
  return skip(toUtf8(stored, format.encoding), offset, hasTimeLeft);
}
