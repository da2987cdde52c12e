import { deleteKeys } from '../../../../lambda/scheduled-backup/adapters/s3-deletions';
import { bucket, s3Error } from './stub-bucket';

it('a failed deletion is returned, and no keys make no request', async () => {
  const { access } = bucket(() => ({ Errors: [{ Key: 'k', Code: 'AccessDenied' }] }));
  expect(await deleteKeys(access, ['k'])).toEqual([{ key: 'k', code: 'AccessDenied' }]);
  const nothing = bucket(() => ({}));
  expect(await deleteKeys(nothing.access, [])).toEqual([]);
  expect(nothing.sent).toEqual([]);
});

it('keys that S3 asks to delete later are deleted later, and the others are not asked for again', async () => {
  const answers = [
    [
      { Key: 'busy', Code: 'SlowDown' },
      { Key: 'locked', Code: 'AccessDenied' },
    ],
    [{ Key: 'busy', Code: 'InternalError' }],
    [],
  ];
  const { access, sent } = bucket(() => ({ Errors: answers.shift() }));
  expect(await deleteKeys(access, ['busy', 'locked', 'fine'])).toEqual([{ key: 'locked', code: 'AccessDenied' }]);
  const asked = sent.map(({ Delete }) => (Delete as { Objects: { Key: string }[] }).Objects.map(({ Key }) => Key));
  expect(asked).toEqual([['busy', 'locked', 'fine'], ['busy'], ['busy']]);
});

it('keys of a request that S3 refuses as a whole are deleted one by one', async () => {
  const { access } = bucket((input) => {
    if ('Delete' in input || input['Key'] === 'bad') return s3Error(400, 'MalformedXML');
    return {};
  });
  expect(await deleteKeys(access, ['good', 'bad', 'also good'])).toEqual([{ key: 'bad', code: 'MalformedXML' }]);
});
