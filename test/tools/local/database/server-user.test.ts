import { serverUser } from '../../../../tools/local/database/server-user';

it('runs the server as the current user, but never as root', () => {
  expect(serverUser(1_000)).toEqual({});
  const { uid = 0, gid = 0 } = serverUser(0);
  expect(Math.min(uid, gid)).toBeGreaterThan(0);
});
