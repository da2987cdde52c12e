import fc from 'fast-check';
import {
  errorOf,
  fatal,
  message,
  messageReader,
  startup,
  startupParameters,
} from '../../../../tools/local/database/postgres-wire';

it('returns whole messages however the stream is cut', () => {
  const some = fc.array(fc.tuple(fc.constantFrom('Q', 'Z', 'D'), fc.uint8Array({ maxLength: 20 })), { maxLength: 8 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 9 }), (sent, size) => {
      const stream = Buffer.concat(sent.map(([type, body]) => message(type, Buffer.from(body))));
      const reader = messageReader();
      const read = [];
      for (let at = 0; at < stream.length; at += size) read.push(...reader.push(stream.subarray(at, at + size)));
      expect(read.map(({ type, body }) => [type, [...body]])).toEqual(sent.map(([type, body]) => [type, [...body]]));
      expect(Buffer.concat(read.map(({ whole }) => whole))).toEqual(stream);
    }),
  );
});

it('reads the parameters of a startup message', () => {
  const parameters = { user: 'ann', database: 'app' };
  expect(startupParameters(startup(parameters).subarray(4))).toEqual(parameters);
});

it('reads the code and text of an error', () => {
  expect(errorOf(fatal('28000', 'no').subarray(5))).toEqual({ code: '28000', text: 'no' });
});
