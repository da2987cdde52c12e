import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadHandler } from '../../../../tools/local/runtime/load-handler';

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'task-'));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

test.each([
  ['index.handler', 'index.js'],
  ['index.handler', 'index.cjs'],
  ['steps/resize.handler', 'steps/resize.js'],
])('%s is found in %s', async (name, file) => {
  const folder = folderWith({ [file]: 'exports.handler = (event) => event + 1;' });
  const handler = await loadHandler(folder, name);
  expect(handler(1, {})).toBe(2);
});

test('an export within an export is found', async () => {
  const folder = folderWith({ 'index.js': 'exports.photos = { resize: () => 1 };' });
  expect((await loadHandler(folder, 'index.photos.resize'))(0, {})).toBe(1);
});

test.each([
  ['a missing file', {}, 'index.handler', 'Runtime.ImportModuleError'],
  ['a missing export', { 'index.js': '' }, 'index.handler', 'Runtime.HandlerNotFound'],
  ['an export that is no function', { 'index.js': 'exports.handler = 1;' }, 'index.handler', 'Runtime.HandlerNotFound'],
  ['a name without an export', { 'index.js': '' }, 'index', 'Runtime.MalformedHandlerName'],
])('%s has the name that AWS gives it', async (_what, files, name, errorName) => {
  await expect(loadHandler(folderWith(files as Record<string, string>), name)).rejects.toMatchObject({
    name: errorName,
  });
});

test('an error during the import of a handler keeps its name', async () => {
  const folder = folderWith({ 'index.js': "throw new RangeError('RESIZED_BUCKET_NAME is missing');" });
  await expect(loadHandler(folder, 'index.handler')).rejects.toMatchObject({
    name: 'RangeError',
    message: 'RESIZED_BUCKET_NAME is missing',
  });
});
