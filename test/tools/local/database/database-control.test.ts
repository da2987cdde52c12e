import { startDatabaseControl } from '../../../../tools/local/database/database-control';

const calls: string[] = [];
const server = {
  crash: () => Promise.resolve(void calls.push('crash')),
  connections: () => Promise.resolve(7),
};
let pinned = 3;
const proxy = { limit: 10, clients: () => Promise.resolve(50), pinned: () => pinned };

it('kills the server and counts its connections, for whoever knows the secret', async () => {
  const { url, stop } = await startDatabaseControl(server, proxy);
  const ask = async (what: string, at = url) => fetch(at, { method: 'POST', body: JSON.stringify({ do: what }) });
  expect(await (await ask('crash')).json()).toEqual({ returnedAt: expect.any(Number) as number });
  expect(calls).toEqual(['crash']);

  await ask('watch');
  pinned = 5;
  let watched: { most: number; clients: number; samples: number };
  do watched = (await (await ask('watched')).json()) as typeof watched;
  while (watched.samples === 0 && (await ask('watch')).ok);
  expect(watched).toMatchObject({ most: 7, limit: 10, clients: 50 });
  expect((await ask('drop')).status).toBe(400);
  expect((await ask('crash', url.replace(/\/[^/]*$/, '/guess'))).status).toBe(400);
  expect(calls).toEqual(['crash']);
  await ask('watched');
  stop();
});
