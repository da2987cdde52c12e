import { serverUser } from '../../../../tools/local/database/server-user';

it('a server is whoever starts it, but never root', () => {
  expect(serverUser(1_000)).toEqual({});
  const { uid = 0, gid = 0 } = serverUser(0);
  expect(Math.min(uid, gid)).toBeGreaterThan(0);
});
