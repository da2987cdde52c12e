import { deployedFunctions, functionNamed } from '../../../../tools/local/invocations/deployed-functions';
import type { Assembly, Resource } from '../../../../tools/local/localize/assembly';

function resource(Type: string, Properties: NonNullable<Resource['Properties']>, path?: string): Resource {
  return { Type, Properties, ...(path === undefined ? {} : { Metadata: { 'aws:cdk:path': path } }) };
}

const Resources = {
  Resize: resource('AWS::Lambda::Function', {}, 'OrderIntake/Take/Function/Resource'),
  Config: resource('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: 'Resize' }, MaximumRetryAttempts: 1 }),
  Orders: resource('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 5 } }),
  Fulfil: resource('AWS::Lambda::Function', {}),
  Mapping: resource('AWS::Lambda::EventSourceMapping', {
    FunctionName: { Ref: 'Fulfil' },
    EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] },
  }),
};
const assembly = { stacks: [{ id: 'OrderIntake', template: { Resources } }] } as unknown as Assembly;
const functions = deployedFunctions(assembly);

test('a function has the attempts that its template configures, or those of Lambda', () => {
  expect([...functions.values()]).toEqual([
    { slug: 'order-intake', logicalId: 'Resize', name: 'Take', asyncAttempts: 2, sqsAttempts: undefined },
    { slug: 'order-intake', logicalId: 'Fulfil', name: 'Fulfil', asyncAttempts: 3, sqsAttempts: 5 },
  ]);
});

test('a physical name leads to its function', () => {
  expect(functionNamed(functions, 'OrderIntake-Resize-E12304BAA1679')?.name).toBe('Take');
  expect(functionNamed(functions, 'OrderIntake-Other-E12304BAA1679')).toBeUndefined();
  expect(functionNamed(functions, 'other')).toBeUndefined();
});
