import { startDatabaseControl } from '../../../../tools/local/database/database-control';
import type { DatabaseServer } from '../../../../tools/local/database/database-server';

const told: string[] = [];
const server = {
  crash: () => Promise.resolve(void told.push('crash')),
  connections: () => Promise.resolve(7),
} as unknown as DatabaseServer;
const proxy = { limit: 10, clients: () => Promise.resolve(50) };

it('the server is killed, and its connections are counted until one wants to know', async () => {
  const { url, stop } = await startDatabaseControl(server, proxy);
  const ask = async (what: string, at = url) => fetch(at, { method: 'POST', body: JSON.stringify({ do: what }) });
  expect(await (await ask('crash')).json()).toEqual({ returnedAt: expect.any(Number) as number });
  expect(told).toEqual(['crash']);

  await ask('watch');
  let watched: { most: number; clients: number; looks: number };
  do watched = (await (await ask('watched')).json()) as typeof watched;
  while (watched.looks === 0 && (await ask('watch')).ok);
  expect(watched).toMatchObject({ most: 7, limit: 10, clients: 50 });
  expect((await ask('drop')).status).toBe(400);
  expect((await ask('crash', url.replace(/\/[^/]*$/, '/guess'))).status).toBe(400);
  expect(told).toEqual(['crash']);
  await ask('watched');
  stop();
});
