import { BodyReader, status, type Packet } from './mysql-wire';

/** Tracks the response to one statement: where it ends, and whether a transaction is open afterwards. */
export class MysqlResponse {
  private state: 'first' | 'columns' | 'rows' = 'first';

  /** @param inTransaction state before the statement: an error packet does not report it */
  constructor(public inTransaction: boolean) {}

  /** Adds the next packet; returns true if it is the last one. */
  add({ body }: Packet): boolean {
    const kind = body[0];
    if (kind === 0xff) return true;
    if (this.state === 'first') {
      if (kind === 0) return this.endsWith(okStatus(body));
      this.state = 'columns';
      return false;
    }
    const isEnd = kind === 0xfe && body.length < 9;
    if (!isEnd) return false;
    if (this.state === 'columns') {
      this.state = 'rows';
      return false;
    }
    return this.endsWith(body.readUInt16LE(3));
  }

  private endsWith(flags: number): boolean {
    this.inTransaction = (flags & status.inTransaction) !== 0;
    const more = (flags & status.moreResults) !== 0;
    if (more) this.state = 'first';
    return !more;
  }
}

function okStatus(body: Buffer): number {
  const reader = new BodyReader(body, 1);
  reader.lengthEncoded();
  reader.lengthEncoded();
  return reader.number(2);
}
