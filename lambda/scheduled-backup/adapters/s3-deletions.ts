import { DeleteObjectCommand, DeleteObjectsCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { isXmlText } from '../../shared/xml-text';
import type { TextStore } from './s3-text-store';

/** Object that was not deleted, with the code of S3's error. */
export interface FailedDeletion {
  readonly key: string;
  readonly code: string;
}

/**
 * Deletes the current versions and returns those that were not deleted; a failed one does not affect the others. Needs
 * `s3:DeleteObject`.
 */
export async function deleteKeys(store: TextStore, keys: readonly string[]): Promise<FailedDeletion[]> {
  const inBatch = keys.filter(isXmlText);
  const alone = keys.filter((key) => !isXmlText(key));
  const failed = await deleteBatch(store, inBatch);
  return [...failed, ...(await deleteOneByOne(store, alone))];
}

/** Codes with which S3 asks for a later attempt at single keys of a request that it has answered with 200. */
const transientCodes = ['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout'];
const batchAttempts = 5;

/** The SDK repeats a request, but not the keys that failed in an answered one. */
async function deleteBatch(store: TextStore, keys: readonly string[]): Promise<FailedDeletion[]> {
  let failed = await sendBatch(store, keys);
  for (let attempt = 1; attempt < batchAttempts; attempt++) {
    const [again, lasting] = [true, false].map((wanted) =>
      failed.filter(({ code }) => transientCodes.includes(code) === wanted),
    ) as [FailedDeletion[], FailedDeletion[]];
    if (again.length === 0) break;
    await sleep(100 * 2 ** attempt, undefined, { signal: store.signal });
    failed = [
      ...lasting,
      ...(await sendBatch(
        store,
        again.map(({ key }) => key),
      )),
    ];
  }
  return failed;
}

async function sendBatch(store: TextStore, keys: readonly string[]): Promise<FailedDeletion[]> {
  if (keys.length === 0) return [];
  const { client, bucket, signal } = store;
  try {
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }),
      { abortSignal: signal },
    );
    return Errors.map(({ Key = '', Code = 'no code' }) => ({ key: Key, code: Code }));
  } catch (error) {
    // A request that S3 does not accept as a whole: one of its keys is the reason.
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 400) throw error;
    return deleteOneByOne(store, keys);
  }
}

const deleteConcurrency = 16;

async function deleteOneByOne(store: TextStore, keys: readonly string[]): Promise<FailedDeletion[]> {
  const { client, bucket, signal } = store;
  const failed = await pMap(
    keys,
    async (key): Promise<FailedDeletion | undefined> => {
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
        return undefined;
      } catch (error) {
        if (!(error instanceof S3ServiceException)) throw error;
        return { key, code: error.name };
      }
    },
    { concurrency: deleteConcurrency },
  );
  return failed.filter((one) => one !== undefined);
}
