import { GetObjectCommand, type ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { importObjects, mountedBuckets } from '../../../../tools/local/file-systems/mounted-buckets';
import { assemblyOf } from '../localize/small-assembly';

test('buckets of file systems are found by the ARN that the file system has', () => {
  const assembly = assemblyOf({
    Files: { Type: 'AWS::S3::Bucket' },
    System: { Type: 'AWS::S3Files::FileSystem', Properties: { Bucket: { 'Fn::GetAtt': ['Files', 'Arn'] } } },
  });
  expect(mountedBuckets(assembly, ['Photos'])).toEqual([{ stack: 'Photos', logicalId: 'Files' }]);
  expect(mountedBuckets(assembly, ['Orders'])).toEqual([]);
});

test('every page of objects becomes files, none of which is executable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imported-'));
  const pages = [['ab/chromium'], ['ab/lib/libnss3.so']];
  const client = new S3Client({ region: 'us-east-1' });
  client.send = ((command: GetObjectCommand | ListObjectsV2Command) => {
    if (command instanceof GetObjectCommand) return Promise.resolve({ Body: Readable.from([command.input.Key]) });
    const page = Number(command.input.ContinuationToken ?? 0);
    const NextContinuationToken = page === 0 ? '1' : undefined;
    return Promise.resolve({ Contents: pages[page]?.map((Key) => ({ Key })), NextContinuationToken });
  }) as never;
  await importObjects(client, 'files', folder);
  for (const key of pages.flat()) {
    expect(readFileSync(join(folder, key), 'utf8')).toBe(key);
    expect(statSync(join(folder, key)).mode & 0o111).toBe(0);
  }
});
