import { claimInputSchema, datasetOf } from '../../../lambda/etl-pipeline/s3-event';
import { InvalidInputError, parseInput } from '../../../lambda/shared/parse-input';
import { products } from './products';

const execution = { id: 'arn:execution', startedAt: '2026-11-26T10:00:00Z' };
const object = { key: 'incoming/products/a b+c.csv', 'version-id': 'v1', sequencer: '0A', size: 1, etag: 'e' };

it('an event of S3 through EventBridge is read as it is delivered', () => {
  const event = {
    version: '0',
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'b' }, object },
  };
  const { event: parsed } = parseInput(claimInputSchema, { event, datasets: [products], execution });
  expect(parsed.detail.object).toEqual({ key: object.key, 'version-id': 'v1', sequencer: '0A' });
});

it('anything else is refused with the places that are wrong, and without values', () => {
  const wrong = () =>
    parseInput(claimInputSchema, { event: { detail: { bucket: { name: 7 } } }, datasets: [], execution });
  expect(wrong).toThrow(InvalidInputError);
  expect(wrong).toThrow('wrong or missing: event.detail.bucket.name, event.detail.object');
});

it('the longest folder decides on the dataset, and folders themselves are no files', () => {
  const inner = { ...products, name: 'inner', prefix: 'products/inner/' };
  const all = [products, inner];
  expect(datasetOf('incoming/products/a.csv', all)?.name).toBe('products');
  expect(datasetOf('incoming/products/inner/a.csv', all)?.name).toBe('inner');
  expect(datasetOf('incoming/products/inner/', all)).toBeUndefined();
  expect(datasetOf('quarantine/products/a.csv', all)).toBeUndefined();
  expect(datasetOf('incoming/others/a.csv', all)).toBeUndefined();
});
