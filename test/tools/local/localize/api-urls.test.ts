import { apiUrls } from '../../../../tools/local/localize/api-urls';
import { assemblyOf, host, templateOf } from './small-assembly';

const url = (...path: string[]) => {
  const parts = ['https://', { Ref: 'Api' }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }];
  return { Value: { 'Fn::Join': ['', [...parts, '/', { Ref: 'Stage' }, ...path]] } };
};

test("a REST API's URL in an output becomes the emulator's", () => {
  const assembly = assemblyOf({}, { ApiUrl: url('/'), Other: { Value: { Ref: 'Bucket' } } });
  expect(apiUrls.apply(assembly, host)).toEqual(['Photos/ApiUrl']);
  expect(templateOf(assembly).Outputs).toEqual({
    ApiUrl: {
      Value: {
        'Fn::Join': ['', ['https://127.0.0.1:4566/_aws/execute-api/', { Ref: 'Api' }, '/', { Ref: 'Stage' }, '/']],
      },
    },
    Other: { Value: { Ref: 'Bucket' } },
  });
});

test("the token endpoint of a user pool's domain in an output becomes the emulator's", () => {
  const parts = ['https://', { Ref: 'Domain' }, '.auth.', { Ref: 'AWS::Region' }, '.amazoncognito.com/oauth2/token'];
  const assembly = assemblyOf({}, { TokenUrl: { Value: { 'Fn::Join': ['', parts] } } });
  expect(apiUrls.apply(assembly, host)).toEqual(['Photos/TokenUrl']);
  expect(templateOf(assembly).Outputs).toEqual({ TokenUrl: { Value: 'https://127.0.0.1:4566/oauth2/token' } });
});

test("an HTTP API's URL becomes the emulator's, with the stage that it does not name", () => {
  const parts = [
    'https://',
    { Ref: 'Api' },
    '.execute-api.',
    { Ref: 'AWS::Region' },
    '.',
    { Ref: 'AWS::URLSuffix' },
    '/',
  ];
  const assembly = assemblyOf({}, { PageUrl: { Value: { 'Fn::Join': ['', parts] } } });
  apiUrls.apply(assembly, host);
  const local = ['https://127.0.0.1:4566/_aws/execute-api/', { Ref: 'Api' }, '/', '$default/'];
  expect(templateOf(assembly).Outputs).toEqual({ PageUrl: { Value: { 'Fn::Join': ['', local] } } });
});
