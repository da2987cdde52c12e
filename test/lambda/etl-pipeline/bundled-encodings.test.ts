import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { bundleOptions } from '../../../lib/bundling/bundle-options';

const root = join(__dirname, '..', '..', '..');

type TextStream = typeof import('../../../lambda/etl-pipeline/text-stream');

it('a bundle decodes Windows-1252 and UTF-16 by the package, and not by the stub that mysql2 gets', async () => {
  const { outputFiles } = buildSync({
    ...bundleOptions(root, [], {}),
    entryPoints: [join(root, 'lambda', 'etl-pipeline', 'text-stream.ts')],
    outdir: join(root, '.build', 'unwritten'),
    write: false,
  });
  const code = outputFiles.find(({ path }) => path.endsWith('.js'))!.text;
  const bundled = { exports: {} as TextStream };
  (runInThisContext(`(function (module, exports, require) {${code}\n})`) as (...of: unknown[]) => void)(
    bundled,
    bundled.exports,
    require,
  );
  async function* bytes(of: Buffer): AsyncGenerator<Buffer> {
    yield await Promise.resolve(of);
  }
  const decode = async (of: Buffer, encoding: 'windows-1252' | 'utf-16be'): Promise<string> => {
    const blocks: Buffer[] = [];
    for await (const block of bundled.exports.toUtf8(bytes(of), encoding)) blocks.push(block);
    return Buffer.concat(blocks).toString();
  };
  expect(await decode(Buffer.from([0x80, 0xfc]), 'windows-1252')).toBe('€ü');
  expect(await decode(Buffer.from('Grüße', 'utf16le').swap16(), 'utf-16be')).toBe('Grüße');
});
