import { describeWriteError } from '../../../tools/local/write-error';

test('a folder without write permission is named with the fix', () => {
  const error = Object.assign(new Error("EACCES: permission denied, mkdir '/x/.local'"), {
    code: 'EACCES',
    path: '/x/.local',
  });
  expect(describeWriteError(error, '.local')).toBe(
    "cannot write /x/.local: EACCES: permission denied, mkdir '/x/.local': free disk space, or run this in a folder that you own",
  );
});

test('a full disk is reported with the folder', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(describeWriteError(error, '.local')).toMatch(/^cannot write .local: ENOSPC: no space left .*free disk space/);
});

test.each([new Error('other'), 'text', undefined])('%s is no trouble with the disk', (error) => {
  expect(describeWriteError(error, '.local')).toBeUndefined();
});
