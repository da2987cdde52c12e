import { isXmlText } from '../../../lambda/shared/xml-text';

test.each(['', 'a b+c/日', '\t\n\r', '\u007f', '\ud83d\ude00', '\ufffd'])('%j is text that XML can carry', (text) => {
  expect(isXmlText(text)).toBe(true);
});

test.each(['\u0000', 'a\u0008', '\u000b', '\u000c', '\u000e', 'a\u001fb', '\ufffe', '\uffff'])(
  '%j has a character that XML cannot carry',
  (text) => {
    expect(isXmlText(text)).toBe(false);
  },
);
