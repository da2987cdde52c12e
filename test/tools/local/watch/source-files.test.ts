import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceFiles, takeSnapshot } from '../../../../tools/local/watch/source-files';

function checkout(): { root: string; write: (path: string, text: string) => void } {
  const root = mkdtempSync(join(tmpdir(), 'sources-'));
  for (const folder of ['bin', 'lambda/orders', 'lib', 'operations', 'scenarios']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
  write('cdk.json', '{}');
  write('lambda/orders/count.ts', '1');
  return { root, write };
}

test('each change is returned once, however an editor saves it', async () => {
  const { root, write } = checkout();
  const files = new SourceFiles(root, takeSnapshot(root));
  const next = files.nextChanges();
  write('lambda/orders/count.ts', '12');
  write('lambda/orders/new.ts', '');
  expect(await next).toEqual(['lambda/orders/count.ts', 'lambda/orders/new.ts']);

  for (const text of ['123', '1234']) {
    write('lambda/orders/count.ts~', text);
    renameSync(join(root, 'lambda/orders/count.ts~'), join(root, 'lambda/orders/count.ts'));
    expect(await files.nextChanges()).toEqual(['lambda/orders/count.ts']);
  }

  rmSync(join(root, 'lambda/orders/new.ts'));
  expect(await files.nextChanges()).toEqual(['lambda/orders/new.ts']);
});

test('a file that was saved during the deployment is among the first changes', async () => {
  const { root, write } = checkout();
  const seen = takeSnapshot(root);
  write('cdk.json', '{ }');
  expect(await new SourceFiles(root, seen).nextChanges()).toEqual(['cdk.json']);
});
