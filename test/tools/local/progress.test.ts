import { stripVTControlCharacters } from 'node:util';
import { Progress } from '../../../tools/local/progress';

jest.useFakeTimers();

function watched(isTTY: boolean) {
  const written: string[] = [];
  const progress = new Progress({ write: (text: string) => written.push(text), isTTY });
  return { written, progress, text: () => written.join('') };
}

/** Whether there are colors depends on where the tests run. */
const plain = (text: string): string => stripVTControlCharacters(text);

test('a part that has ended is one line with its time, and is counted', async () => {
  const { progress, text } = watched(false);
  const ended = progress.phase('deploy', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return 7;
  });
  await jest.advanceTimersByTimeAsync(1_500);
  expect(await ended).toBe(7);
  expect(plain(text())).toBe('✓ deploy 1.5 s\n');
  expect(progress.phases).toEqual([{ title: 'deploy', seconds: 1.5 }]);
  progress.close();
});

test('where the output is no terminal there are no colors, whatever the variable CI says', async () => {
  const { progress, text } = watched(false);
  await progress.phase('deploy', () => Promise.resolve());
  expect(text()).toBe('✓ deploy 0.0 s\n');
  progress.close();
});

test('a part that fails is told as such and fails', async () => {
  const { progress, text } = watched(false);
  await expect(progress.phase('deploy', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(plain(text())).toBe('✗ deploy 0.0 s\n');
  progress.close();
});

test('no two seconds pass in silence, and the last detail is told', async () => {
  const { progress, text } = watched(false);
  void progress.phase('deploy', async (tell) => {
    tell('one\ntwo\n');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
  await jest.advanceTimersByTimeAsync(6_500);
  expect(plain(text())).toBe('  … deploy (2 s): two\n  … deploy (4 s): two\n  … deploy (6 s): two\n');
  progress.close();
});

test('parts that overlap are told together', async () => {
  const { progress, text } = watched(false);
  const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 60_000));
  void progress.phase('synthesize', wait);
  void progress.phase('bootstrap', wait);
  await jest.advanceTimersByTimeAsync(2_100);
  expect(plain(text())).toBe('  … synthesize (2 s) · bootstrap (2 s)\n');
  progress.close();
});

test('output of a child is passed on, and a line of our own never continues it', async () => {
  const { progress, text } = watched(false);
  progress.forward('half a line');
  progress.say('ours');
  expect(text()).toBe('half a line\nours\n');
  progress.close();
});

test('on a terminal a spinner turns in one line, which is taken away before anything else is written', async () => {
  const { progress, written } = watched(true);
  void progress.phase('deploy', () => new Promise<void>((resolve) => setTimeout(resolve, 60_000)));
  await jest.advanceTimersByTimeAsync(300);
  expect(written.join('')).not.toContain('\n');
  progress.say('ours');
  expect(written.slice(-2)).toEqual(['\r\u001b[2K', 'ours\n']);
  progress.close();
});
