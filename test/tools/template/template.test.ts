import { asArray, pathOf, references, resourcesIn } from '../../../tools/template/template';

const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'Photos' }, '/*']] };

it('references are found at any depth, with or without pseudo parameters', () => {
  expect(references([arn, { 'Fn::GetAtt': ['Stock', 'Arn'] }])).toEqual(['AWS::Partition', 'Photos', 'Stock']);
  expect(resourcesIn([arn, { 'Fn::GetAtt': 'Stock.Arn' }])).toEqual(['Photos', 'Stock.Arn']);
  expect(references('Ref')).toEqual([]);
});

it('a path is that of the construct, or the logical id if the template has no paths', () => {
  const resource = { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'Stack/Orders/Queue/Resource' } };
  expect(pathOf('Orders1', resource)).toBe('Orders/Queue');
  expect(pathOf('Orders1', { Type: 'AWS::SQS::Queue' })).toBe('Orders1');
});

it('a single value is a list of one, undefined an empty list', () => {
  expect([asArray('s3:GetObject'), asArray(['a', 'b']), asArray(undefined)]).toEqual([
    ['s3:GetObject'],
    ['a', 'b'],
    [],
  ]);
});
