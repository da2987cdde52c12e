/** Layout of a protocol's messages. */
export interface FrameLayout<Message> {
  /** Bytes that are needed to know the size of a message. */
  readonly headLength: number;
  /** Returns the size of the whole message that begins with these bytes. */
  size(bytes: Buffer): number;
  parse(whole: Buffer): Message;
}

/** Cuts a stream of bytes into messages. */
export class FrameReader<Message> {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly layout: FrameLayout<Message>) {}

  push(bytes: Buffer): Message[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const messages: Message[] = [];
    while (this.rest.length >= this.layout.headLength) {
      const size = this.layout.size(this.rest);
      if (this.rest.length < size) break;
      messages.push(this.layout.parse(this.rest.subarray(0, size)));
      this.rest = this.rest.subarray(size);
    }
    return messages;
  }

  /** Returns the bytes that are not a whole message yet. */
  remaining(): Buffer {
    return this.rest;
  }
}
