import {
  BrowserFailedError,
  RenderBusyError,
  refusalOf,
  RenderRefusedError,
  RenderTimeoutError,
} from '../../../lambda/document-renderer/render-errors';

it.each([
  ['out-of-time', new RenderTimeoutError('slow')],
  ['browser-failed', new BrowserFailedError('it ended')],
])('a document is given up as %s at its third attempt', (reason, error) => {
  expect(refusalOf(error, 2)).toBeUndefined();
  expect(refusalOf(error, 3)).toMatchObject({ reason });
});

it('a refused request is never tried again, and an error of a service always', () => {
  expect(refusalOf(new RenderRefusedError('malformed', 'x'), 1)).toMatchObject({ reason: 'malformed' });
  expect(refusalOf(new Error('dropped'), 9)).toBeUndefined();
  expect(refusalOf(new RenderBusyError(3), 9)).toBeUndefined();
});
