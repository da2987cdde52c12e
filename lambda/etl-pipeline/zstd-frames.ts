/**
 * Follows the frames of a zstd file by their sizes, without decoding them, to know whether the last one is whole.
 *
 * Node 24 ends a zstd stream that is cut off as if it were complete; a gzip stream it reports.
 * Format: https://datatracker.ietf.org/doc/html/rfc8878#section-3.1
 */
export class ZstdFrames {
  #next: (field: Buffer) => void = (magic) => this.#magic(magic);
  #needed = 4;
  #field: Buffer[] = [];
  #fieldBytes = 0;
  #skipBytes = 0;
  #betweenFrames = true;
  #checksumBytes = 0;

  /** Whether the bytes so far end with a frame, and not within one. */
  get isWhole(): boolean {
    return this.#betweenFrames && this.#fieldBytes === 0 && this.#skipBytes === 0;
  }

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const count = Math.min(
        this.#skipBytes > 0 ? this.#skipBytes : this.#needed - this.#fieldBytes,
        bytes.length - at,
      );
      if (this.#skipBytes > 0) this.#skipBytes -= count;
      else this.#gather(bytes.subarray(at, at + count));
      at += count;
    }
  }

  #gather(bytes: Buffer): void {
    this.#field.push(bytes);
    this.#fieldBytes += bytes.length;
    if (this.#fieldBytes < this.#needed) return;
    const field = Buffer.concat(this.#field);
    this.#field = [];
    this.#fieldBytes = 0;
    this.#next(field);
  }

  #expect(bytes: number, next: (field: Buffer) => void): void {
    this.#needed = bytes;
    this.#next = next;
  }

  #magic(field: Buffer): void {
    this.#betweenFrames = false;
    // Frames for other data than the text: 0x184D2A50 to 0x184D2A5F.
    const isSkippable = (field.readUInt32LE() & 0xfffffff0) === 0x184d2a50;
    if (isSkippable) this.#expect(4, (size) => this.#endFrame(size.readUInt32LE()));
    else this.#expect(1, ([descriptor = 0]) => this.#header(descriptor));
  }

  #header(descriptor: number): void {
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const contentSize = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag;
    const dictionaryId = [0, 1, 2, 4][descriptor & 3] ?? 0;
    this.#checksumBytes = (descriptor & 4) === 0 ? 0 : 4;
    this.#skipBytes = Number(!isSingleSegment) + dictionaryId + contentSize;
    this.#expect(3, (block) => this.#block(block.readUIntLE(0, 3)));
  }

  #block(header: number): void {
    const isLast = (header & 1) === 1;
    const isRepeatedByte = ((header >> 1) & 3) === 1;
    const bytes = isRepeatedByte ? 1 : header >> 3;
    if (isLast) this.#endFrame(bytes + this.#checksumBytes);
    else this.#skipBytes = bytes;
  }

  #endFrame(bytesLeft: number): void {
    this.#skipBytes = bytesLeft;
    this.#betweenFrames = true;
    this.#expect(4, (magic) => this.#magic(magic));
  }
}
