import { engines } from '../../../lambda/database-access/database-schema';
import { migrations } from '../../../lambda/database-access/migrations';

it('versions count up from one', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
});

it.each(engines)('no migration for %s removes anything, so the previous release keeps working', (engine) => {
  const statements = migrations.flatMap((one) => one.statements[engine]);
  expect(statements.filter((one) => /\b(drop|truncate|delete|rename)\b/i.test(one))).toEqual([]);
});

it.each(engines)('the processor user may select and insert on %s, and nothing else', (engine) => {
  const grants = migrations.flatMap((one) => one.statements[engine]).filter((one) => /^grant .* on /i.test(one));
  const rights = grants.map((one) => /^grant (.*) on records /i.exec(one)?.[1]);
  expect(rights).toEqual(['select, insert']);
});
