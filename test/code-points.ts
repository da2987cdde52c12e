import fc from 'fast-check';

const surrogates = { first: 0xd800, count: 0x800 };

/**
 * Unit of strings of any code points but surrogates. fast-check's own unit `binary` is the same, and takes a second of each test
 * file to be built in Jest's module registry.
 */
export const codePoint = fc
  .integer({ min: 0, max: 0x10ffff - surrogates.count })
  .map((code) => String.fromCodePoint(code < surrogates.first ? code : code + surrogates.count));
