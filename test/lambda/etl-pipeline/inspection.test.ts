import { checkHeader } from '../../../lambda/etl-pipeline/inspection';
import { header, products } from './products';

it('a header has the columns of the dataset in any order, and may have more', () => {
  expect(checkHeader([...header, 'more'].reverse().join(','), products)).toEqual([...header, 'more'].reverse());
  expect(checkHeader(header.map((name) => `" ${name} "`).join(','), products)).toEqual(header);
});

it.each([
  [undefined, 'it has no header'],
  ['sku,name', "its header has no 'price', 'currency', 'stock', 'discontinued', 'available_from' and 1 more"],
  [[...header, 'sku'].join(','), "its header has fields twice: 'sku'"],
  ['"sku', 'the quotes of its header are not as RFC 4180 has them'],
  ['sku\ufffd', 'its header has characters that are not of the encoding'],
  [`${header.join(',')},${'x'.repeat(50_000)}`, 'its header has 50089 bytes: use at most 50000'],
  ['x,'.repeat(10_000), 'its header has 10001 fields: use at most 1000'],
])('the header %.20j is refused', (raw, message) => {
  expect(() => checkHeader(raw, products)).toThrow(message);
});
