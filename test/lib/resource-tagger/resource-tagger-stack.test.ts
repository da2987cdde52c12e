import { creationPattern } from '../../../lib/resource-tagger/creation-rule';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

const template = synthesize().template('ResourceTagger');

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
  ({ Properties }) => (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement,
);
const actionsOf = ({ Action }: Statement): string[] => [Action].flat();

it('TagResources has the timeout and memory of its settings', () => {
  const settings = { 'resource-tagger': { timeoutSeconds: 20, memoryMegabytes: 512 } };
  synthesize(settings)
    .template('ResourceTagger')
    .hasResourceProperties('AWS::Lambda::Function', { Timeout: 20, MemorySize: 512 });
});

it('the rule lets through calls that succeeded, and fits the 2,048 characters of a pattern', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['AWS API Call via CloudTrail'], detail: { errorCode: [{ exists: false }] } },
  });
  expect(JSON.stringify(creationPattern).length).toBeLessThan(2_000);
});

it.each(['created-by', 'created-at', 'creation-event', 'cost-center'])(
  'the role is denied to overwrite the tag %s, by every action that adds tags but that of S3',
  (key) => {
    const denials = statements.filter(
      ({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition).includes(key),
    );
    expect(denials).toMatchObject([
      {
        Resource: '*',
        Condition: {
          Null: { [`aws:ResourceTag/${key}`]: 'false' },
          'ForAnyValue:StringEquals': { 'aws:TagKeys': [key] },
        },
      },
    ]);
    const allowed = statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(actionsOf)
      .filter((action) => /:(Add|Create)?Tag|:AddTags/.test(action) && action !== 'tag:TagResources');
    expect(actionsOf(denials[0] as Statement).sort()).toEqual(allowed.sort());
  },
);

it('EventBridge keeps trying for a day, then the event is a dead letter', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Targets: [{ RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } }],
  });
});

templatesChangeOnlyOnPurpose('ResourceTagger', [{ stage: 'prod' }]);
