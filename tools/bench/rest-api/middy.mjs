import middy from '@middy/core';
import normalizeHeaders from '@middy/http-header-normalizer';
import router from '@middy/http-router';
import { answer, routes } from './documents.mjs';

const handlers = routes.map(([method, resource]) => ({
  method,
  path: resource,
  handler: async (event) => {
    const headers = new Map(Object.entries(event.headers));
    const { body, pathParameters } = event;
    const request = { method, resource, id: pathParameters?.id, body: body ?? '', headers };
    const { status, headers: more = {}, body: json } = await answer(event, request);
    const type = { 'Content-Type': 'application/json' };
    return { statusCode: status, headers: { ...type, ...more }, body: json === undefined ? '' : JSON.stringify(json) };
  },
}));

export const handler = middy().use(normalizeHeaders()).handler(router(handlers));
