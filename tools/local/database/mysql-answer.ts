import { BodyReader, status, type Packet } from './mysql-wire';

/** Follows the answer to one statement, to know where it ends and whether a transaction is open then. */
export class MysqlAnswer {
  private state: 'first' | 'columns' | 'rows' = 'first';

  /** @param inTransaction before the statement: an error does not say */
  constructor(public inTransaction: boolean) {}

  /** Takes the next packet; true once it was the last one. */
  take({ body }: Packet): boolean {
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
