import { getDecoder, getEncoder } from '../../../lambda/database-access/mysql-encodings';

test.each([
  ['cesu8', Buffer.from('Straße ✓'), 'Straße ✓'],
  ['latin2', Buffer.from([0xb1]), 'ą'],
  ['cp1251', Buffer.from([0xe6]), 'ж'],
])('text of a server in %s is read', (encoding, bytes, text) => {
  expect(getDecoder(encoding).write(bytes)).toBe(text);
});

test('an encoding that Node does not know is named', () => expect(() => getDecoder('dec8')).toThrow('dec8'));

test('nothing is sent in another encoding', () => expect(() => getEncoder('cesu8')).toThrow('cesu8'));
