import { duration, moment, number, plural, size } from '../../../tools/report-page/format';

describe('formatted values', () => {
  it.each([
    [0, '0 ms'],
    [0.0123, '12 ms'],
    [0.949, '949 ms'],
    [0.95, '0.9 s'],
    [12.34, '12.3 s'],
    [59.949, '59.9 s'],
    [59.96, '1 min 0 s'],
    [119.7, '2 min 0 s'],
    [3_725, '62 min 5 s'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_500, '1.5 kB'],
    [81_920, '82 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [52_428_800, '52 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });

  it.each([
    [0, '0'],
    [0.0001234, '0.000123'],
    [1_284_330, '1,284,330'],
    [6.4321, '6.432'],
    [-0.5, '-0.5'],
  ])('the number %d is shown as %s', (value, text) => {
    expect(number(value)).toBe(text);
  });

  it('a time is shown in UTC, and a single item in the singular', () => {
    expect(moment('2026-01-02T03:04:59.000Z')).toBe('2 January 2026, 03:04 UTC');
    expect([plural(1, 'step'), plural(1_200, 'step')]).toEqual(['1 step', '1,200 steps']);
  });
});
