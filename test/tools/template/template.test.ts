import { asArray, pathOf, references, resourcesIn } from '../../../tools/template/template';

const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'Photos' }, '/*']] };

it('references are found however deep, with CloudFormation parameters or without', () => {
  expect(references([arn, { 'Fn::GetAtt': ['Stock', 'Arn'] }])).toEqual(['AWS::Partition', 'Photos', 'Stock']);
  expect(resourcesIn([arn, { 'Fn::GetAtt': 'Stock.Arn' }])).toEqual(['Photos', 'Stock.Arn']);
  expect(references('Ref')).toEqual([]);
});

it('a path is that of the code, and the logical id where the template has none', () => {
  const resource = { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'Stack/Orders/Queue/Resource' } };
  expect(pathOf('Orders1', resource)).toBe('Orders/Queue');
  expect(pathOf('Orders1', { Type: 'AWS::SQS::Queue' })).toBe('Orders1');
});

it('one is a list of one, and nothing an empty list', () => {
  expect([asArray('s3:GetObject'), asArray(['a', 'b']), asArray(undefined)]).toEqual([
    ['s3:GetObject'],
    ['a', 'b'],
    [],
  ]);
});
