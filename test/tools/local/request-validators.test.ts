import { validatedMethods } from '../../../tools/local/request-validators';
import type { JsonObject } from '../../../tools/local/localize/assembly';
import { assemblyOf } from './localize/small-assembly';

const method = (properties: JsonObject) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: { RestApiId: { Ref: 'Api' }, ResourceId: { Ref: 'Photo' }, HttpMethod: 'POST', ...properties },
});

test('methods of the deployed stacks with a request validator are listed with its flags', () => {
  const assembly = assemblyOf({
    Validator: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { ValidateRequestBody: true } },
    Post: method({ RequestValidatorId: { Ref: 'Validator' } }),
    Get: method({}),
  });
  expect(validatedMethods(assembly, ['Photos'])).toEqual([
    {
      ...{ stack: 'Photos', name: 'Photos/Post', api: 'Api', resource: 'Photo', httpMethod: 'POST' },
      validator: { id: 'Validator', body: true, parameters: false },
    },
  ]);
  expect(validatedMethods(assembly, ['Orders'])).toEqual([]);
});
