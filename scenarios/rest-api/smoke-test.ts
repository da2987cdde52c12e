import type { Check } from '../shared/scenario';
import { follow } from './client';
import { everyDocument, openClient, succeeded } from './deployment';

const content = Buffer.from('A report of three lines.\nThe second one.\nThe third one.\n');

export const smokeTest: Check = {
  name: 'one-document',
  title: 'a document is created, uploaded, read, listed, changed and deleted by its owner, and hidden from others',
  async run(run) {
    const [owner, other] = await run.step('sign in two users', () =>
      Promise.all([openClient(run, 'owner'), openClient(run, 'other')]),
    );
    const input = { title: 'Report', contentType: 'text/plain', bytes: content.length, tags: ['reports'] };
    const created = succeeded(await run.step('create', () => owner.create(input)), 201);
    const { id, upload } = created.body;
    run.assertEqual(created.headers.get('location'), `documents/${id}`, 'location');
    if (upload === undefined) throw new Error('no link for the upload');

    const uploaded = await run.step('upload', () => follow(upload, content));
    run.assertEqual(uploaded.status, 200, 'status of the upload');
    const again = await follow(upload, content);
    run.assertEqual(again.status, 412, 'status of a second upload');
    const available = await run.eventually('the document to be available', async () => {
      const reply = succeeded(await owner.get(id), 200);
      return reply.body.status === 'available' ? reply : undefined;
    });
    const { download } = available.body;
    if (download === undefined) throw new Error('no link for the download');
    const downloaded = await run.step('download', () => follow(download));
    run.assertEqual(await downloaded.text(), content.toString(), 'content');
    run.assertEqual(downloaded.headers.get('content-type'), 'text/plain', 'content type');

    run.assertEqual((await everyDocument(owner)).map((one) => one.id).join(), id, 'documents of the owner');
    run.assertEqual((await everyDocument(other)).length, 0, 'documents of the other user');
    const etag = available.headers.get('etag') ?? '';
    const changed = succeeded(await run.step('change', () => owner.patch(id, { title: 'Final report' }, etag)), 200);
    run.assertEqual(changed.body.title, 'Final report', 'title');
    run.assertEqual((await owner.patch(id, { title: 'Late' }, etag)).status, 412, 'status with an old ETag');
    const hidden = [await other.get(id), await other.patch(id, {}, etag), await other.remove(id)];
    run.assertEqual(hidden.map(({ status }) => status).join(), '404,404,404', 'answers to the other user');
    succeeded(await run.step('delete', () => owner.remove(id)), 204);
    run.assertEqual((await owner.get(id)).status, 404, 'status after the deletion');
    // S3 answers 403 for a missing key to those who may not list the bucket.
    const { status } = await follow(download);
    run.assert([403, 404].includes(status), 'the content is gone with its document', String(status));
  },
};
