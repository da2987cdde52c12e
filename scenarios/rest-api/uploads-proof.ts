import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { linkSeconds } from '../../lambda/rest-api/document';
import type { Link } from '../../lambda/rest-api/schemas';
import type { Check, ScenarioRun } from '../shared/scenario';
import { follow, type DocumentsClient } from './client';
import { openClient, succeeded } from './deployment';

const megabyte = 1_048_576;

export const uploadsProof: Check = {
  name: 'uploads',
  title: 'an upload link takes exactly the promised bytes and type, once; 6 MB and 100 MB arrive whole',
  async run(run) {
    const client = await openClient(run, 'ada');
    await run.step('break the promise in every way', () => breakPromises(run, client));
    for (const size of [6 * megabyte, 100 * megabyte]) {
      await run.step(`upload ${size / megabyte} MB`, () => uploadWhole(run, client, size));
    }
    await run.step('upload for a document that is gone', () => uploadOrphan(run, client));
  },
};

const newDocument = (bytes: number) => ({ title: 'Upload', contentType: 'text/plain', bytes });

async function createWithLink(client: DocumentsClient, bytes: number): Promise<{ id: string; upload: Link }> {
  const { id, upload } = succeeded(await client.create(newDocument(bytes)), 201).body;
  if (upload === undefined) throw new Error('no link for the upload');
  return { id, upload };
}

async function breakPromises(run: ScenarioRun, client: DocumentsClient): Promise<void> {
  const { id, upload } = await createWithLink(client, 5);
  const headers = { 'content-type': 'text/plain', 'if-none-match': '*' };
  const put = async (content: string, changed: Record<string, string>, url = upload.url): Promise<number> =>
    (await fetch(url, { method: 'PUT', headers: changed, body: content })).status;
  const other = new URL(upload.url);
  other.pathname = other.pathname.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  const dated = new URL(upload.url);
  dated.searchParams.set('X-Amz-Date', '20200101T000000Z');
  const tries = {
    'a byte more': await put('hello!', headers),
    'a byte less': await put('hell', headers),
    'another type': await put('hello', { ...headers, 'content-type': 'text/html' }),
    'no condition': await put('hello', { 'content-type': 'text/plain' }),
    'another document': await put('hello', headers, other.toString()),
    'another date': await put('hello', headers, dated.toString()),
    'an expired link': await put('hello', headers, await expiredLink(run)),
  };
  for (const [name, status] of Object.entries(tries)) {
    run.assert(status >= 400 && status < 500, `an upload with ${name} is refused`, String(status));
  }
  run.assertEqual(succeeded(await client.get(id), 200).body.status, 'awaiting-upload', 'status after all of them');
  run.assertEqual(await put('hello', headers), 200, 'status of the promised upload');
  run.assertEqual(await put('HELLO', headers), 412, 'status of a second upload');
  await becomesAvailable(run, client, id);
}

/** Link that was valid until a minute ago, signed as the function signs them. */
function expiredLink(run: ScenarioRun): Promise<string> {
  const command = new PutObjectCommand({ Bucket: run.output('UploadsBucketName'), Key: `documents/${run.runId}` });
  const signingDate = new Date(Date.now() - (linkSeconds + 60) * 1_000);
  return getSignedUrl(new S3Client({}), command, { expiresIn: linkSeconds, signingDate });
}

async function uploadWhole(run: ScenarioRun, client: DocumentsClient, bytes: number): Promise<void> {
  const { id, upload } = await createWithLink(client, bytes);
  const content = Buffer.alloc(bytes, 'x');
  run.assertEqual((await follow(upload, content)).status, 200, `status of an upload of ${bytes} bytes`);
  const download = await becomesAvailable(run, client, id);
  const downloaded = Buffer.from(await (await follow(download)).arrayBuffer());
  run.assert(downloaded.equals(content), `${bytes} bytes come back as they went`, `${downloaded.length} bytes`);
}

async function uploadOrphan(run: ScenarioRun, client: DocumentsClient): Promise<void> {
  const { id, upload } = await createWithLink(client, 5);
  succeeded(await client.remove(id), 204);
  run.assertEqual((await follow(upload, Buffer.from('hello'))).status, 200, 'status of the late upload');
  await run.eventually('the content to be deleted', async () => {
    // The link takes a first upload only: it would be refused with 412 while the content is there.
    return (await follow(upload, Buffer.from('hello'))).status === 200 ? true : undefined;
  });
  run.assertEqual((await client.get(id)).status, 404, 'status of the document');
}

async function becomesAvailable(run: ScenarioRun, client: DocumentsClient, id: string): Promise<Link> {
  return run.eventually('the document to be available', async () => {
    const { download } = succeeded(await client.get(id), 200).body;
    return download;
  });
}
