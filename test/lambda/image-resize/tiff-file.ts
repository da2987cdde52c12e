/** Tags of a TIFF file; each has the value of a valid RGB file unless it is given. */
export interface TiffTags {
  readonly width?: number;
  readonly height?: number;
  readonly bits?: readonly number[];
  readonly compression?: number;
  readonly photometric?: number;
  readonly samples?: number;
  readonly extraSamples?: readonly number[];
  readonly sampleFormat?: readonly number[];
  /** Any others, of short integers. */
  readonly others?: Readonly<Record<number, readonly number[]>>;
}

export const tiffSize = { width: 60, height: 40 };

/** Builds a TIFF of one uncompressed strip (TIFF 6.0), little-endian; `pixels` are interleaved samples. */
export function tiffFile(pixels: Buffer, tags: TiffTags = {}): Buffer {
  const { width = tiffSize.width, height = tiffSize.height, samples = 3, bits = [8, 8, 8] } = tags;
  const shorts: Record<number, readonly number[]> = {
    256: [width],
    257: [height],
    258: bits,
    259: [tags.compression ?? 1],
    262: [tags.photometric ?? 2],
    277: [samples],
    278: [height],
    ...(tags.extraSamples && { 338: tags.extraSamples }),
    ...(tags.sampleFormat && { 339: tags.sampleFormat }),
    ...tags.others,
  };
  const entries: [tag: number, type: 3 | 4, values: readonly number[]][] = Object.entries(shorts).map(
    ([tag, values]) => [Number(tag), 3, values],
  );
  const headerBytes = 8;
  entries.push([273, 4, [headerBytes]], [279, 4, [pixels.length]]);
  entries.sort(([one], [other]) => one - other);
  return Buffer.concat([header(headerBytes + pixels.length), pixels, directory(entries, headerBytes + pixels.length)]);
}

function header(directoryOffset: number): Buffer {
  const bytes = Buffer.from('II*\0\0\0\0\0', 'latin1');
  bytes.writeUInt32LE(directoryOffset, 4);
  return bytes;
}

function directory(entries: readonly [tag: number, type: 3 | 4, values: readonly number[]][], start: number): Buffer {
  const size = 2 + 12 * entries.length + 4;
  const table = Buffer.alloc(size);
  const values: Buffer[] = [];
  table.writeUInt16LE(entries.length, 0);
  let offset = start + size;
  entries.forEach(([tag, type, numbers], index) => {
    const at = 2 + 12 * index;
    const bytes = Buffer.alloc(Math.max(4, numbers.length * (type === 3 ? 2 : 4)));
    numbers.forEach((value, place) =>
      type === 3 ? bytes.writeUInt16LE(value, 2 * place) : bytes.writeUInt32LE(value, 4 * place),
    );
    table.writeUInt16LE(tag, at);
    table.writeUInt16LE(type, at + 2);
    table.writeUInt32LE(numbers.length, at + 4);
    if (bytes.length === 4) bytes.copy(table, at + 8);
    else {
      table.writeUInt32LE(offset, at + 8);
      values.push(bytes);
      offset += bytes.length;
    }
  });
  return Buffer.concat([table, ...values]);
}

/** Interleaves these samples for each pixel of the standard size: 8 or 16 bits each, by `bytes`. */
export function filled(samples: readonly number[], bytes: 1 | 2 | 4 = 1): Buffer {
  const { width, height } = tiffSize;
  const pixel = Buffer.alloc(samples.length * bytes);
  samples.forEach((sample, index) => pixel.writeUIntLE(sample, index * bytes, bytes));
  return Buffer.alloc(width * height * pixel.length, pixel);
}
