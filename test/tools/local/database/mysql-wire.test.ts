import fc from 'fast-check';
import { BodyReader, nativePassword, packet, packetReader, text } from '../../../../tools/local/database/mysql-wire';

it('returns whole packets however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      (sent, size) => {
        const stream = Buffer.concat(sent.map((body, index) => packet(index, Buffer.from(body))));
        const reader = packetReader();
        const read = [];
        for (let at = 0; at < stream.length; at += size) read.push(...reader.push(stream.subarray(at, at + size)));
        expect(read.map(({ sequence, body }) => [sequence, [...body]])).toEqual(
          sent.map((body, index) => [index, [...body]]),
        );
      },
    ),
  );
});

it('reads length-encoded integers', () => {
  const reader = new BodyReader(Buffer.from([5, 0xfc, 1, 2, 0xfd, 1, 2, 3, 0xfe, 1, 0, 0, 0, 0, 0, 0, 0]));
  expect([1, 2, 3, 4].map(() => reader.lengthEncoded())).toEqual([5, 513, 197_121, 1]);
});

it('reads zero-terminated strings', () => {
  const reader = new BodyReader(Buffer.concat([text('ann'), text('app')]));
  expect([reader.text(), reader.text()]).toEqual(['ann', 'app']);
});

it('hashes a password with the salt of the server', () => {
  const salt = Buffer.from('abcdefghijklmnopqrst');
  // From an implementation apart from this one: SHA1('secret') xor SHA1(salt, SHA1(SHA1('secret'))).
  expect(nativePassword('secret', salt).toString('hex')).toBe('8817c50fa779daef010ee7577825b0847df9842e');
  expect(nativePassword('secret', salt)).not.toEqual(nativePassword('other', salt));
});
