import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { createHash, randomBytes } from 'node:crypto';
import pMap from 'p-map';
import type { Check, ScenarioRun } from '../shared/scenario';
import { badFiles, bombs, tooLargeFile, type BadFile } from './bad-files';
import { cleanUpObjects } from './clean-up';
import { readDeployment, type Deployment } from './deployment';
import { invoke, s3Event } from './events';
import { manifestKey, sourceKey } from './keys';
import { manifestOf, outputKeys, outputVersions, upload, type Stored, type Upload } from './photo-objects';
import { readPhotograph } from './photographs';

export const badInputProof: Check = {
  name: 'bad-input',
  title: 'a file that can never be resized is rejected once, with its reason, and not retried',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const files = await run.step('make the files', async () => [
      ...(await badFiles()),
      await tooLargeFile(deployment.maximumBytes),
      ...(await unreadablePhotos(run)),
    ]);
    await run.step(`upload ${files.length} bad files`, () =>
      pMap(files, (file) => assertRejected(run, deployment, file), { concurrency: 4 }),
    );
  },
};

export const bombsProof: Check = {
  name: 'bombs',
  title: 'a small file that decodes to gigabytes is rejected from its header',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const files = await run.step('make the bombs', bombs);
    const uploads = await run.step(`upload ${files.length} bombs`, () =>
      pMap(files, async (file) => ({ file, uploaded: await assertRejected(run, deployment, file) }), {
        concurrency: 4,
      }),
    );
    await run.step('measure a warm function on each bomb', () =>
      pMap(
        uploads,
        async ({ file, uploaded }) => {
          // Another upload would have an event of its own, which may come when its object has been cleaned up.
          const manifest = manifestKey(deployment, uploaded.key);
          await deployment.s3.send(new DeleteObjectCommand({ Bucket: deployment.resizedBucket, Key: manifest }));
          const started = performance.now();
          const error = await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [uploaded]));
          run.metric(`${file.title}, invocation with its download`, Math.round(performance.now() - started), 'ms');
          run.assert(error === undefined, `${file.title}: the function succeeds`, error);
        },
        { concurrency: 1 },
      ),
    );
  },
};

type StoredFile = BadFile & { readonly stored?: Stored };

/** Photos that S3 does not give to the function, archived or encrypted with a key of the uploader's. */
async function unreadablePhotos(run: ScenarioRun): Promise<StoredFile[]> {
  const bytes = await readPhotograph('chelsea');
  const archived: StoredFile = {
    ...{ name: 'archived.jpg', title: 'an archived photo', reason: 'archived', bytes },
    stored: { StorageClass: 'GLACIER' },
  };
  // New buckets refuse customer-provided keys: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html
  if (run.faults === undefined) return [archived];
  const key = randomBytes(32);
  const stored = {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
  };
  return [
    archived,
    { name: 'customer-key.jpg', title: 'a photo under a key of its uploader', reason: 'customer-key', bytes, stored },
  ];
}

async function assertRejected(run: ScenarioRun, deployment: Deployment, file: StoredFile): Promise<Upload> {
  const key = sourceKey(deployment, run.runId, file.name);
  const uploaded = await upload(deployment, key, file.bytes, undefined, file.stored);
  const manifest = await manifestOf(run, deployment, uploaded);
  const outcome = manifest.status === 'rejected' ? manifest.reason : manifest.status;
  run.assert(
    outcome === file.reason,
    `${file.title} is rejected as ${file.reason}`,
    `${outcome}: ${'message' in manifest ? manifest.message : ''}`,
  );
  const outputs = await outputKeys(deployment, key);
  run.assert(
    outputs.join() === manifestKey(deployment, key),
    `${file.title}: a manifest and no variants`,
    outputs.join(', '),
  );
  // Lambda retries only failures, so an attempt that succeeds proves that there is no retry.
  const error = await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [uploaded]));
  run.assert(error === undefined, `${file.title}: the function succeeds, so there is no retry`, error);
  const versions = await outputVersions(deployment, key);
  run.assert(versions.length === 1, `${file.title}: its manifest is written once`, versions.join(', '));
  return uploaded;
}
