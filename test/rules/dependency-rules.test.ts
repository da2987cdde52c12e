import { dependencyRules } from './dependency-rules';
import { extended, testRules } from './sound-template';

testRules(dependencyRules, [
  [
    /requires itself/,
    extended({
      Alias: { Type: 'AWS::Lambda::Alias', UpdatePolicy: { CodeDeployLambdaAliasUpdate: { Name: { Ref: 'Group' } } } },
      Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: { Alarms: [{ Name: { Ref: 'Late' } }] } },
      Late: { Type: 'AWS::CloudWatch::Alarm', DependsOn: 'Alias' },
      Aside: { Type: 'AWS::CloudWatch::Alarm', DependsOn: ['Alias'] },
    } as never),
    /Alias, Group, Late require each other/,
  ],
]);
