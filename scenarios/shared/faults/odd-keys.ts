/**
 * Keys whose characters XML changes or cannot have: a listing needs URL encoding, and `DeleteObjects` refuses some of them. None has LF
 * before other characters, which the wildcards of the emulator's permissions do not match.
 */
export const keysBeyondXml: readonly string[] = [
  'carriage\rreturn',
  'line feed\n',
  '\n',
  'tab\t',
  'control\u0001character',
  'escape\u001b[31m',
  'not a character \ufffe',
];

/** Object keys that break code which decodes a key twice or never, treats it as a path or a pattern, or sends it in XML. */
export const oddKeys: readonly string[] = [
  ...keysBeyondXml,
  'with space',
  'two  spaces',
  ' leading space',
  'trailing space ',
  'plus+plus',
  'percent%20literal',
  'percent%2Bliteral',
  'percent%252Ftwice',
  '100%',
  'question?versionId=null',
  'hash#fragment',
  'this&that=1;yes',
  "quote'single",
  'quote"double',
  '<b>&amp;</b>[1]{2}(3)',
  'comma,colon:at@bang!star*$$',
  'back\\slash',
  'pipe|tilde~caret^tick`',
  // The same word to a reader, two keys to S3: composed, then decomposed letters.
  'Grüße'.normalize('NFC'),
  'Grüße'.normalize('NFD'),
  '日本語/ファイル',
  'صورة',
  'emoji 🏖️👩‍👩‍👧',
  'deep/er/and/deeper',
  'double//slash',
  '.hidden/..dots/three...dots',
];
