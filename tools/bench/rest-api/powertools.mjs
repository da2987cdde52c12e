import { Router } from '@aws-lambda-powertools/event-handler/http';
import { answer, routes } from './documents.mjs';

const app = new Router();
for (const [method, resource] of routes) {
  app[method.toLowerCase()](resource.replace('{id}', ':id'), async ({ event, params, req }) => {
    const headers = new Map(req.headers);
    const request = { method, resource, id: params.id, body: await req.text(), headers };
    const { status, headers: more = {}, body } = await answer(event, request);
    const type = { 'Content-Type': 'application/json' };
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { ...type, ...more } });
  });
}

export const handler = (event, context) => app.resolve(event, context);
