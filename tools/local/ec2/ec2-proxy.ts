import { createServer, request as httpsRequest, Agent, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Upstream } from '../faults/disturbing-proxy';
import { parseEc2Request, type AskEmulator, type Ec2Response } from './ec2-request';
import { Ec2Rules, type Ec2RulesOptions } from './rules';
import { parseXml } from './xml';

/** Path at which the run changes the conditions of EC2. */
export const conditionsPath = '/_local/ec2-conditions';

export const conditionsSchema = z.strictObject({
  noCapacity: z.array(z.string()).optional(),
  snapshots: z.enum(['completed', 'pending', 'error']).optional(),
  snapshotAgeDays: z.int().min(0).optional(),
});

export type ProxyOptions = Pick<Ec2RulesOptions, 'account' | 'isAllowed' | 'transitionMilliseconds'>;

/** Starts the proxy for requests to EC2, which forwards them with their signatures and adds rules of AWS. */
export async function startEc2Proxy(upstream: Upstream, port: number, options: ProxyOptions): Promise<Server> {
  const { certificate: cert, key } = upstream;
  const agent = new Agent({ keepAlive: true, ca: cert });
  const ask: AskEmulator = async (action, params, region) => {
    const body = new URLSearchParams({ Action: action, Version: '2016-11-15', ...params }).toString();
    // The emulator does not check signatures of its root key.
    const credential = `Credential=test/20260101/${region}/ec2/aws4_request`;
    const headers = {
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=none`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const answer = await send(upstream.endpoint, agent, { method: 'POST', path: '/', headers }, body);
    if (answer.status !== 200) throw new Error(`the emulator refused ${action} of its root key: ${answer.body}`);
    return parseXml(answer.body);
  };
  const rules = new Ec2Rules({ ...options, ask, now: Date.now });
  const server = createServer({ cert, key }, (request, response) => {
    void handle(request, rules, upstream.endpoint, agent).then(
      ({ status, body }) => respond(response, status, body),
      // As when EC2 breaks a connection: the client tries again.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

async function handle(request: IncomingMessage, rules: Ec2Rules, endpoint: string, agent: Agent): Promise<Ec2Response> {
  const body = await text(request);
  if (request.url === conditionsPath) return setConditions(rules, body);
  const parsed = parseEc2Request(request.headers.authorization, body);
  const forward = (): Promise<Ec2Response> =>
    send(endpoint, agent, { method: request.method, path: request.url, headers: request.headers }, body);
  return parsed === undefined ? forward() : rules.answer(parsed, forward);
}

function setConditions(rules: Ec2Rules, body: string): Ec2Response {
  const { noCapacity, snapshots, snapshotAgeDays } = conditionsSchema.parse(JSON.parse(body));
  if (noCapacity !== undefined) rules.noCapacity = new Set(noCapacity);
  if (snapshots !== undefined) rules.transitions.snapshotFate = snapshots;
  if (snapshotAgeDays !== undefined) rules.transitions.snapshotAgeDays = snapshotAgeDays;
  return { status: 200, body: '<done/>' };
}

function send(
  endpoint: string,
  agent: Agent,
  options: { method: string | undefined; path: string | undefined; headers: Record<string, unknown> },
  body: string,
): Promise<Ec2Response> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = { hostname, port, agent, method: options.method, path: options.path };
    const onward = httpsRequest({ ...sent, headers: options.headers as Record<string, string> }, (answer) => {
      text(answer).then((answered) => resolve({ status: answer.statusCode ?? 502, body: answered }), reject);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/xml;charset=UTF-8', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
