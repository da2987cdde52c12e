import type { Socket } from 'node:net';
import { createConnection, type Connection } from 'mysql2/promise';
import { startMysqlProxy } from '../../../../tools/local/database/proxy';
import { packet, packetReader, text, uint16, uint32 } from '../../../../tools/local/database/mysql-wire';
import { proxiedServer } from './proxied-server';

const server = proxiedServer(startMysqlProxy, serve);

const greeting = packet(
  0,
  Buffer.from([10]),
  text('11.0'),
  uint32(1),
  Buffer.from('12345678\0'),
  Buffer.alloc(18),
  Buffer.from('abcdefghijkl\0'),
);

/** Server that knows `begin`, `commit` and any other statement. */
function serve(socket: Socket): void {
  const reader = packetReader();
  let isLoggedIn = false;
  let flags = 0;
  socket.write(greeting);
  socket.on('data', (bytes: Buffer) => {
    for (const { body, sequence } of reader.push(bytes)) {
      const statement = isLoggedIn ? body.toString('utf8', 1) : '';
      isLoggedIn = true;
      if (statement === 'begin') flags = 1;
      if (statement === 'commit') flags = 0;
      socket.write(packet(sequence + 1, Buffer.from([0, 0, 0]), uint16(flags), uint16(0)));
    }
  });
}

async function connect(password = 'token'): Promise<Connection> {
  const client = await createConnection({
    ...{ host: 'localhost', port: server.port, user: 'ann', database: 'app' },
    ssl: { ca: server.certificate },
    authPlugins: { mysql_clear_password: () => () => Buffer.from(`${password}\0`) },
  });
  client.on('error', () => undefined);
  return server.closing(client);
}

it('shares few connections among many clients, and keeps one for a transaction', async () => {
  const [one, two, three] = [await connect(), await connect(), await connect()];
  for (const client of [one, two, three]) await client.query('work');
  await one.query('begin');
  await two.query('begin');
  await expect(three.query('work')).rejects.toThrow(/Timed-out waiting to acquire database connection/);
  await one.query('commit');
  await expect((await connect()).query('work')).resolves.toBeDefined();
});

it.each([
  ['a session setting', 'set @x = 1', 1],
  ['a statement of more than 16 KB', `work ${'x'.repeat(16_380)}`, 1],
  ['a statement of 16 KB', `work ${'x'.repeat(16_379)}`, 0],
])('%s: pins its connection or not', async (_, statement, pins) => {
  const before = server.proxy.pinned();
  const [one, two] = [await connect(), await connect()];
  await one.query(statement);
  await two.query(statement);
  expect(server.proxy.pinned() - before).toBe(2 * pins);
  const third = (await connect()).query('work');
  if (pins === 0) await expect(third).resolves.toBeDefined();
  else await expect(third).rejects.toThrow(/Timed-out/);
});

it('refuses a client without a token', async () => {
  await expect(connect('secret')).rejects.toThrow(/no token/);
});
