import { athenaStatement } from '../../../operations/etl-pipeline/athena-statement';
import { datasetOf } from '../../lambda/etl-pipeline/products';

it('the statement for Athena names the columns in lower case, their types and the folder', () => {
  const dataset = datasetOf({
    columns: [
      { name: 'id', type: 'integer', required: true },
      { name: 'validFrom', type: 'date' },
    ],
    primaryKey: ['id'],
  });
  const statement = athenaStatement(dataset, 'my-bucket');
  expect(statement).toContain('  `file_id` string,\n  `line` string,\n  `id` string,\n  `validfrom` date\n)');
  expect(statement).toContain("LOCATION 's3://my-bucket/curated/things/'");
  expect(statement).toContain("'storage.location.template' = 's3://my-bucket/curated/things/day=${day}/'");
});
