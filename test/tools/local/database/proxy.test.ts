import type { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import { startPostgresProxy } from '../../../../tools/local/database/proxy';
import { authenticated, message, messageReader } from '../../../../tools/local/database/postgres-wire';
import { proxiedServer } from './proxied-server';

const server = proxiedServer(startPostgresProxy, serve);

/** Answers of an extended query without rows. */
const extended = ['1', '2', 'n']
  .map((type) => message(type, Buffer.alloc(0)))
  .concat(message('C', Buffer.from('SELECT 0\0')));

/** Server that knows `begin`, `commit` and any other statement. */
function serve(socket: Socket): void {
  const reader = messageReader();
  let state = 'I';
  socket.once('data', () => {
    socket.write(Buffer.concat([authenticated, message('Z', Buffer.from('I'))]));
    socket.on('data', (bytes: Buffer) => {
      for (const { type, body } of reader.push(bytes)) {
        // The end of an extended query, whose parts are answered together.
        if (type === 'S') socket.write(Buffer.concat([...extended, message('Z', Buffer.from(state))]));
        if (type !== 'Q') continue;
        const statement = body.toString().replace(/\0$/, '');
        if (statement === 'begin') state = 'T';
        if (statement === 'commit') state = 'I';
        socket.write(Buffer.concat([message('C', Buffer.from('SELECT 0\0')), message('Z', Buffer.from(state))]));
      }
    });
  });
}

async function connect(changes: ClientConfig = {}): Promise<Client> {
  const ssl = { ca: server.certificate };
  const who = { user: 'ann', database: 'app', password: 'token' };
  const client = new Client({ host: 'localhost', port: server.port, ssl, ...who, ...changes });
  client.on('error', () => undefined);
  await client.connect();
  return server.closing(client);
}

/** Access to the protocol below the driver's queue of queries. */
function rawConnection(client: Client) {
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter & { stream: Socket } };
  const ready = (count: number): Promise<void> =>
    new Promise((resolve) => {
      let seen = 0;
      connection.on('readyForQuery', () => {
        seen += 1;
        if (seen === count) resolve();
      });
    });
  return { stream: connection.stream, ready };
}

it('shares few connections among many clients', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => connect()));
  for (let round = 0; round < 5; round++) await Promise.all(all.map((client) => client.query('work')));
  expect(server.most).toBeLessThanOrEqual(2);
});

it('keeps a connection for a transaction and refuses clients that wait too long', async () => {
  const [one, two, three] = [await connect(), await connect(), await connect()];
  await one.query('begin');
  await two.query('begin');
  await expect(three.query('work')).rejects.toThrow(/Timed-out waiting to acquire database connection/);
  await one.query('commit');
  await expect((await connect()).query('work')).resolves.toBeDefined();
});

it('pins the connection of a client that changes its session', async () => {
  const [one, two] = [await connect(), await connect()];
  await one.query("set lock_timeout = '1s'");
  await two.query("set lock_timeout = '1s'");
  await expect((await connect()).query('work')).rejects.toThrow(/Timed-out/);
});

it('pins the connection of a client that sends a statement of more than 16 KB, whatever its values', async () => {
  const before = server.proxy.pinned();
  const [one, two] = [await connect(), await connect()];
  const statement = (bytes: number) => `${'-'.repeat(bytes - 6)}\nwork `;
  await one.query(statement(16_384));
  await one.query({ text: 'work $1', values: ['x'.repeat(100_000)] });
  expect(server.proxy.pinned() - before).toBe(0);
  await one.query(statement(16_385));
  await two.query({ text: statement(16_385), values: ['x'] });
  expect(server.proxy.pinned() - before).toBe(2);
});

it('pins the connection of a client that names a statement', async () => {
  const before = server.proxy.pinned();
  await (await connect()).query({ name: 'kept', text: 'work' });
  expect(server.proxy.pinned() - before).toBe(1);
});

it('keeps the connection until all statements of a client are answered', async () => {
  const client = await connect();
  const { stream, ready } = rawConnection(client);
  const statement = message('Q', Buffer.from('work\0'));
  stream.write(Buffer.concat([statement, statement, statement]));
  await expect(ready(3)).resolves.toBeUndefined();
});

it('closes the connection of a client that leaves during a transaction', async () => {
  const one = await connect();
  await one.query('begin');
  await one.end();
  const all = await Promise.all([connect(), connect()]);
  await expect(Promise.all(all.map((client) => client.query('begin')))).resolves.toHaveLength(2);
});

it('fails at once for a user whom the proxy cannot log in to the database', async () => {
  const stranger = await connect({ user: 'stranger' });
  await expect(stranger.query('work')).rejects.toThrow(/no credentials for the role stranger/);
});

it.each([
  ['without TLS', { ssl: false }, /requires TLS/],
  ['with a password', { password: 'secret' }, /no token/],
  ['with a setting of the session', { statement_timeout: 5 }, /doesn't support the option statement_timeout/],
])('refuses a client %s', async (_, changes, said) => {
  await expect(connect(changes)).rejects.toThrow(said);
});
