import type { PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putBrowserFiles } from '../../../lambda/document-renderer/adapters/s3-browser-files';

it('puts what an unpacked browser needs, owned by root, the browser last and executable, each with its digest', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seeded-'));
  const [layerFolder, unpacked] = [join(folder, 'layer'), join(folder, 'unpacked')];
  for (const name of ['beside', 'lib', 'fonts/Open_Sans']) mkdirSync(join(layerFolder, name), { recursive: true });
  mkdirSync(unpacked);
  const files = ['beside/libEGL.so', 'lib/libnss3.so', 'fonts/Open_Sans/a.ttf', 'fonts.conf', 'chromium.br'];
  for (const name of files) writeFileSync(join(layerFolder, name), name);
  symlinkSync(join(layerFolder, 'beside', 'libEGL.so'), join(unpacked, 'libEGL.so'));
  const executable = join(unpacked, 'chromium');
  writeFileSync(executable, 'the browser');

  const puts: PutObjectCommand['input'][] = [];
  const send = ({ input }: PutObjectCommand): Promise<object> => Promise.resolve({ length: puts.push(input) });
  const client = { send: send as never };
  const sha256 = await putBrowserFiles({ client, bucketName: 'files' }, { layerFolder, executable, folder: 'ab12' });

  expect(puts.map(({ Key, Metadata }) => `${Key} ${Metadata?.['file-permissions']}`)).toEqual([
    'ab12/libEGL.so 0100644',
    'ab12/lib/libnss3.so 0100644',
    'ab12/fonts/Open_Sans/a.ttf 0100644',
    'ab12/fonts.conf 0100644',
    'ab12/chromium 0100755',
  ]);
  for (const { Bucket, Metadata } of puts) {
    expect({ Bucket, Metadata }).toMatchObject({ Bucket: 'files', Metadata: { 'file-owner': '0', 'file-group': '0' } });
  }
  expect(sha256).toBe(createHash('sha256').update('the browser').digest('base64'));
  expect(puts.at(-1)).toMatchObject({ Body: Buffer.from('the browser'), ChecksumSHA256: sha256 });
});
