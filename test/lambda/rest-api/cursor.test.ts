import { readCursor, writeCursor } from '../../../lambda/rest-api/cursor';

const place = { owner: 'ada', tag: undefined, after: '01890000-0000-7000-8000-000000000000' };

it('leads back to its place', () => {
  expect(readCursor(writeCursor(place, 'key'), place, 'key')).toBe(place.after);
});

it.each([
  ['another key', writeCursor(place, 'other')],
  ['another owner', writeCursor({ ...place, owner: 'eve' }, 'key')],
  ['another tag', writeCursor({ ...place, tag: 'reports' }, 'key')],
  ['another place', writeCursor(place, 'key').replace('0189', '0190')],
  ['no signature', place.after],
  ['a short signature', writeCursor(place, 'key').slice(0, -4)],
  ['nothing', ''],
])('is refused with %s', (_, cursor) => {
  expect(() => readCursor(cursor, place, 'key')).toThrow(expect.objectContaining({ status: 400 }) as Error);
});
