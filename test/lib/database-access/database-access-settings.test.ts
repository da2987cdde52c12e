import { databaseAccessSettings } from '../../../lib/database-access/database-access-settings';

it('defaults to a small PostgreSQL', () => {
  expect(databaseAccessSettings.parse({})).toMatchObject({ engine: 'postgres', instanceClass: 't4g.micro' });
});

it.each([
  [{ engine: 'oracle' }, 'engine'],
  [{ instanceClass: 'db.t4g.micro' }, 'instanceClass'],
  [{ queryTimeoutSeconds: 13 }, 'queryTimeoutSeconds'],
  [{ borrowTimeoutSeconds: 6 }, 'queryTimeoutSeconds'],
  [{ timeoutSeconds: 15 }, 'timeoutSeconds'],
  [{ maxConnections: 20, proxyConnectionsPercent: 9 }, 'proxyConnectionsPercent'],
  [{ storageGigabytes: 100, maxStorageGigabytes: 109 }, 'maxStorageGigabytes'],
  [{ zones: ['us-east-1a'] }, 'zones'],
  [{ zones: ['us-east-1a', 'us-east-1a'] }, 'zones'],
  [{ password: 'x' }, undefined],
])('refuses %j at %s', (settings, place) => {
  const { error } = databaseAccessSettings.safeParse(settings);
  expect(error?.issues.map(({ path }) => path[0])).toContain(place);
});

it('accepts timeouts in increasing order', () => {
  const settings = { timeoutSeconds: 60, queryTimeoutSeconds: 30, borrowTimeoutSeconds: 20 };
  expect(databaseAccessSettings.safeParse(settings).success).toBe(true);
});
