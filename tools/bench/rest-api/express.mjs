import express from 'express';
import serverless from 'serverless-http';
import { answer, routes } from './documents.mjs';

const app = express();
app.disable('x-powered-by');
app.use(express.text({ type: ['application/json', 'application/merge-patch+json'], limit: '64kb' }));
for (const [method, resource] of routes) {
  app[method.toLowerCase()](resource.replace('{id}', ':id'), async (request, response) => {
    const { event, params, body } = request;
    const headers = new Map(Object.entries(request.headers));
    const {
      status,
      headers: more = {},
      body: json,
    } = await answer(event, { method, resource, id: params.id, body, headers });
    response.status(status).set(more);
    if (json === undefined) response.end();
    else response.json(json);
  });
}

export const handler = serverless(app, {
  request(request, event) {
    request.event = event;
  },
});
