import { describeWriteError } from '../../../tools/local/write-error';

test('a folder that is not ours is named with the fix', () => {
  const error = Object.assign(new Error("EACCES: permission denied, mkdir '/x/.local'"), {
    code: 'EACCES',
    path: '/x/.local',
  });
  expect(describeWriteError(error, '.local')).toBe(
    "cannot write /x/.local: EACCES: permission denied, mkdir '/x/.local': make room, or run this in a folder that is yours",
  );
});

test('a full disk names no file, so the folder is named', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(describeWriteError(error, '.local')).toMatch(/^cannot write .local: ENOSPC: no space left .*make room/);
});

test.each([new Error('other'), 'text', undefined])('%s is no trouble with the disk', (error) => {
  expect(describeWriteError(error, '.local')).toBeUndefined();
});
