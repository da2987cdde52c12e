import { MysqlResponse } from '../../../../tools/local/database/mysql-response';
import { errorPacket, packet, packetReader, uint16 } from '../../../../tools/local/database/mysql-wire';

const inTransaction = 1;
const moreResults = 8;
const read = (bytes: Buffer) => packetReader().push(bytes)[0]!;
const ok = (flags: number) => read(packet(1, Buffer.from([0, 1, 0]), uint16(flags), uint16(0)));
const eof = (flags: number) => read(packet(1, Buffer.from([0xfe]), uint16(0), uint16(flags)));
const some = read(packet(1, Buffer.from([2, 65, 66])));
const failure = read(errorPacket(1, 1213, '40001', 'deadlock'));

it('a response without rows is one packet and reports an open transaction', () => {
  const response = new MysqlResponse(false);
  expect(response.add(ok(inTransaction))).toBe(true);
  expect(response.inTransaction).toBe(true);
});

it('a response with rows ends with the second EOF packet', () => {
  const response = new MysqlResponse(true);
  expect([some, some, eof(0), some, some].map((one) => response.add(one))).toEqual([false, false, false, false, false]);
  expect(response.add(eof(0))).toBe(true);
  expect(response.inTransaction).toBe(false);
});

it('continues when more results follow', () => {
  const response = new MysqlResponse(false);
  expect(response.add(ok(moreResults))).toBe(false);
  expect(response.add(ok(0))).toBe(true);
});

it('a result set that is followed by another result is not the end', () => {
  const response = new MysqlResponse(false);
  expect([some, eof(0), some].map((one) => response.add(one))).toEqual([false, false, false]);
  expect(response.add(eof(moreResults))).toBe(false);
  expect(response.add(ok(inTransaction))).toBe(true);
  expect(response.inTransaction).toBe(true);
});

it('a row that begins like an EOF packet does not end the rows', () => {
  const long = read(packet(1, Buffer.from([0xfe]), Buffer.alloc(8), Buffer.from('a long value')));
  const response = new MysqlResponse(false);
  expect([some, eof(0), long, eof(0)].map((one) => response.add(one))).toEqual([false, false, false, true]);
});

it('an error ends the response and keeps the transaction state', () => {
  const response = new MysqlResponse(true);
  expect(response.add(failure)).toBe(true);
  expect(response.inTransaction).toBe(true);
});
