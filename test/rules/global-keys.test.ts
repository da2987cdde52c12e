import { globalKeyRules } from './global-keys';
import { changed, extended, policy, testRules } from './sound-template';

const rule = /global condition key/;

/** Trust policy of every role, with a condition. */
const trusting = (Service: string, key: string) =>
  changed('AWS::IAM::Role', (p) =>
    Object.assign(p, {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service },
            Condition: { StringEquals: { [key]: 'x' } },
          },
        ],
      },
    }),
  );

testRules(globalKeyRules, [
  [rule, trusting('rds.amazonaws.com', 'aws:SourceAccount'), /has aws:SourceAccount for rds.amazonaws.com/],
  [rule, trusting('scheduler.amazonaws.com', 'aws:SourceVpc'), /has aws:SourceVpc for scheduler.amazonaws.com/],
  [
    rule,
    extended(
      policy({ Action: 'rds-db:connect', Resource: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'x' } } }),
    ),
    /Broken has aws:SourceVpc in a statement about no service/,
  ],
]);
