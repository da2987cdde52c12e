import { datasetIn } from '../../../operations/etl-pipeline/athena-command';
import { synthesize } from '../../synthesis';
import { definitionsOf } from '../../lib/asl';

const [definition] = definitionsOf(synthesize().template('EtlPipeline')).values();

it('the datasets are read from the deployed definition', () => {
  expect(datasetIn(JSON.stringify(definition), ['products']).primaryKey).toEqual(['sku']);
});

it.each([[[]], [['others']], [['products', 'products']]])(
  '%j is wrong usage, which names those that there are',
  (names) => {
    expect(() => datasetIn(JSON.stringify(definition), names)).toThrow('use one of products');
  },
);
