import { isMailable, toAsciiAddress } from '../../../lambda/order-workflow/email-address';

it.each([
  'c7@example.com',
  "o'neil&sons+tag%x/y@example.com",
  'a@xn--mller-kva.example',
  'a@example.xn--p1ai',
  'a@müller.example',
  '"a b"@example.com',
  '"a@b"@example.com',
  `${'a'.repeat(64)}@example.com`,
])('accepts %s', (address) => {
  expect(isMailable(address)).toBe(true);
});

it.each([
  'müller@example.com',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(64)}.example`,
  'a@localhost',
  'a@[127.0.0.1]',
  'Name <a@example.com>',
  'a@example.com ',
  'a..b@example.com',
  '.a@example.com',
  'a@example_x.com',
  '"a"b"@example.com',
  'a@',
  '@example.com',
  'example.com',
  'a@-example.com',
  'a@exa mple.com',
  'a@example.com,b@example.com',
  'a\r\nBcc: b@example.com',
])('refuses %j', (address) => {
  expect(isMailable(address)).toBe(false);
});

it('splits at the last @ and writes the domain in lower-case ASCII', () => {
  expect(toAsciiAddress('"A@b"@MÜLLER.example')).toBe('"A@b"@xn--mller-kva.example');
});
