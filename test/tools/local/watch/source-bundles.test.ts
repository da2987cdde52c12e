import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOfApp, HandlerBundles } from '../../../../tools/local/watch/source-bundles';

let root: string;
const write = (path: string, text: string): void => writeFileSync(join(root, path), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bundles-'));
  for (const folder of ['bin', 'lambda/orders', 'lambda/photos', 'lambda/shared']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  write('lambda/shared/one.ts', 'export const one = 1; export interface Two { two: 2 }');
  write('lambda/orders/count.ts', "import { one } from '../shared/one';\nexport const handler = () => one;");
  write('lambda/photos/resize.ts', 'export const handler = () => 2;');
});

test('handlers of the chosen architectures are bundled again with what changed', async () => {
  const bundles = HandlerBundles.of(root, ['orders'], {});
  try {
    const before = await bundles.build();
    expect([...before.keys()]).toEqual(['orders/count']);
    const files = before.get('orders/count');
    expect([...(files?.keys() ?? [])].sort()).toEqual(['index.js', 'index.js.map']);
    write('lambda/shared/one.ts', 'export const one = 11;');
    const code = (await bundles.build()).get('orders/count')?.get('index.js') ?? [];
    expect(Buffer.from(code).toString()).toContain('11');
  } finally {
    await bundles.close();
  }
});

test('a syntax error is one line with its position, and the next build succeeds', async () => {
  const bundles = HandlerBundles.of(root, ['orders'], {});
  try {
    write('lambda/orders/count.ts', 'export const handler = ;\nexport const more = ;');
    await expect(bundles.build()).rejects.toThrow(/^lambda\/orders\/count\.ts:1:24: Unexpected ";"$/);
    write('lambda/orders/count.ts', 'export const handler = 1;');
    expect((await bundles.build()).size).toBe(1);
  } finally {
    await bundles.close();
  }
});

test('files of the app are what it imports, without types', async () => {
  write(
    'bin/app.ts',
    "import { one } from '../lambda/shared/one'; import type { handler } from '../lambda/orders/count'; one;",
  );
  expect(await filesOfApp(root)).toEqual(new Set(['bin/app.ts', 'lambda/shared/one.ts']));
});
