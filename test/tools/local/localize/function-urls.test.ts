import { functionUrls } from '../../../../tools/local/localize/function-urls';
import { assemblyOf, host, templateOf } from './small-assembly';

test("a function URL in an output becomes the emulator's", () => {
  const url = { 'Fn::GetAtt': ['Url', 'FunctionUrl'] };
  const assembly = assemblyOf(
    { Url: { Type: 'AWS::Lambda::Url' } },
    { CallUrl: { Value: url }, Other: { Value: { 'Fn::GetAtt': ['Url', 'FunctionArn'] } } },
  );
  expect(functionUrls.apply(assembly, host)).toEqual(['Photos/CallUrl']);
  const id = { 'Fn::Select': [0, { 'Fn::Split': ['.', { 'Fn::Select': [2, { 'Fn::Split': ['/', url] }] }] }] };
  expect(templateOf(assembly).Outputs).toMatchObject({
    CallUrl: { Value: { 'Fn::Join': ['', ['https://127.0.0.1:4566/_aws/lambda-url/', id, '/']] } },
    Other: { Value: { 'Fn::GetAtt': ['Url', 'FunctionArn'] } },
  });
});
