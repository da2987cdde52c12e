import { environmentOf } from '../../../../tools/bench/cold-start/handler-environment';

const template = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    FulfilOrderFunction1234: {
      Type: 'AWS::Lambda::Function',
      Properties: { Environment: { Variables: { LIMIT: '5', TABLE_ARN: { 'Fn::GetAtt': ['Table', 'Arn'] } } } },
    },
  },
};

test('a handler gets the variables of its function, and an ARN for what only a deployment knows', () => {
  expect(environmentOf(template, 'queue-processor/fulfil-order')).toEqual({
    LIMIT: '5',
    TABLE_ARN: 'arn:aws:x:us-east-1:0:x',
  });
});

test('a handler without a function of its own gets none', () => {
  expect(environmentOf(template, 'queue-processor/other')).toEqual({});
  expect(environmentOf(undefined, 'queue-processor/fulfil-order')).toEqual({});
});
