import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { operations } from '../../../lambda/rest-api/operations';
import { titles } from '../../../lambda/rest-api/problem';
import { documentPatchSchema, newDocumentSchema } from '../../../lambda/rest-api/schemas';
import { commonErrors, openApi, routes } from '../../../lib/rest-api/openapi';
import { root, synthesize } from '../../synthesis';

it('docs/openapi.json is the description that the schemas make (npm run docs)', () => {
  expect(JSON.parse(readFileSync(join(root, 'docs', 'openapi.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(openApi())),
  );
});

it('describes exactly the operations of the handler', () => {
  const served = Object.entries(operations).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
});

it('describes every error that the API gives a form, but 405, which only other methods get', () => {
  const described = new Set([...commonErrors, ...routes.flatMap(({ errors = [] }) => errors)].map(String));
  expect([...described, '405'].sort()).toEqual(Object.keys(titles).sort());
});

it("the gateway's models are those of the same schemas, in draft 4", () => {
  const models = Object.values(synthesize().template('RestApi').findResources('AWS::ApiGateway::Model'));
  const expected = [documentPatchSchema, newDocumentSchema].map((schema) =>
    z.toJSONSchema(schema, { target: 'draft-4', io: 'input' }),
  );
  const schemas = models.map(({ Properties }) => (Properties as { Schema: unknown }).Schema);
  expect(schemas).toHaveLength(2);
  expect(schemas).toEqual(expect.arrayContaining(JSON.parse(JSON.stringify(expected)) as unknown[]));
});
