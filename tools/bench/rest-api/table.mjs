import { answer } from './documents.mjs';

export const handler = async (event) => {
  const { resource, httpMethod: method, pathParameters, body } = event;
  const headers = new Map(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const request = { method, resource, id: pathParameters?.id, body: body ?? '', headers };
  const { status, headers: more = {}, body: json } = await answer(event, request);
  const type = { 'Content-Type': 'application/json' };
  return { statusCode: status, headers: { ...type, ...more }, body: json === undefined ? '' : JSON.stringify(json) };
};
