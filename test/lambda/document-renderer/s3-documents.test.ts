import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { storeDocument } from '../../../lambda/document-renderer/adapters/s3-documents';

const page = { pdf: Buffer.from('pdf'), thumbnail: Buffer.from('png') };
const day = 86_400_000;

/** Stores where an object with the key is so many milliseconds old, or none is; returns its conditions and the version. */
async function storeBeside(age: number | undefined, head: object = {}) {
  const conditions: unknown[] = [];
  const send = (command: PutObjectCommand | HeadObjectCommand): Promise<object> => {
    if (command instanceof HeadObjectCommand) {
      const LastModified = new Date(Date.now() - (age ?? 0));
      return Promise.resolve({ VersionId: 'old', ETag: '"old"', LastModified, ...head });
    }
    const { IfNoneMatch, IfMatch } = command.input;
    conditions.push(IfNoneMatch ?? IfMatch);
    const isThere = IfNoneMatch === '*' && age !== undefined;
    return isThere
      ? Promise.reject(Object.assign(new Error('there'), { name: 'PreconditionFailed' }))
      : Promise.resolve({ VersionId: 'new' });
  };
  const { signal } = new AbortController();
  // Both commands by one fake.
  const client = { send: send as never };
  const document = await storeDocument(
    { client, inputBucketName: 'input', documentsBucketName: 'documents', signal },
    'hash',
    page,
    1,
  );
  return { version: document.version, conditions: [...new Set(conditions)] };
}

it('a document that another attempt has just stored keeps its one version', async () => {
  expect(await storeBeside(undefined)).toEqual({ version: 'new', conditions: ['*'] });
  expect(await storeBeside(60_000)).toEqual({ version: 'old', conditions: ['*'] });
});

it('a document of an earlier day is stored again, since it would expire before its item', async () => {
  expect(await storeBeside(day - 60_000)).toMatchObject({ version: 'old' });
  expect(await storeBeside(day + 60_000)).toEqual({ version: 'new', conditions: ['*', '"old"'] });
});

it('a document that another attempt stores at this moment is tried again as one that it renders', async () => {
  const send = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('conflict'), { name: 'ConditionalRequestConflict' }));
  const { signal } = new AbortController();
  // The one command that is sent.
  const buckets = { client: { send: send as never }, inputBucketName: 'i', documentsBucketName: 'd', signal };
  await expect(storeDocument(buckets, 'hash', page, 1)).rejects.toMatchObject({ name: 'RenderBusyError' });
});
