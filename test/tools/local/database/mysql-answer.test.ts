import { MysqlAnswer } from '../../../../tools/local/database/mysql-answer';
import { errorPacket, packet, PacketReader, uint16 } from '../../../../tools/local/database/mysql-wire';

const inTransaction = 1;
const moreResults = 8;
const read = (bytes: Buffer) => new PacketReader().push(bytes)[0]!;
const ok = (flags: number) => read(packet(1, Buffer.from([0, 1, 0]), uint16(flags), uint16(0)));
const eof = (flags: number) => read(packet(1, Buffer.from([0xfe]), uint16(0), uint16(flags)));
const some = read(packet(1, Buffer.from([2, 65, 66])));
const failure = read(errorPacket(1, 1213, '40001', 'deadlock'));

it('an answer without rows ends at once, and says whether a transaction is open', () => {
  const answer = new MysqlAnswer(false);
  expect(answer.take(ok(inTransaction))).toBe(true);
  expect(answer.inTransaction).toBe(true);
});

it('rows end with the second end mark', () => {
  const answer = new MysqlAnswer(true);
  expect([some, some, eof(0), some, some].map((one) => answer.take(one))).toEqual([false, false, false, false, false]);
  expect(answer.take(eof(0))).toBe(true);
  expect(answer.inTransaction).toBe(false);
});

it('another result may follow', () => {
  const answer = new MysqlAnswer(false);
  expect(answer.take(ok(moreResults))).toBe(false);
  expect(answer.take(ok(0))).toBe(true);
});

it('an error ends the answer and leaves the transaction as it was', () => {
  const answer = new MysqlAnswer(true);
  expect(answer.take(failure)).toBe(true);
  expect(answer.inTransaction).toBe(true);
});
