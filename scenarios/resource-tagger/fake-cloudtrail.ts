import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface LookupEvents {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  readonly StartTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** Trail, and answers about it. */
export interface FakeTrail {
  readonly name: string;
  readonly isLogging: boolean;
  readonly selectors: object;
}

/**
 * CloudTrail on loopback: the event history, newest first, in pages, for two requests a second; and trails.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class FakeCloudTrail {
  trails: readonly FakeTrail[] = [];
  /** Number of lookups that were refused. */
  throttled = 0;
  #lookups: number[] = [];
  #server: Server | undefined;

  constructor(
    /** Details of events, as EventBridge has them. */
    private readonly events: readonly Readonly<Record<string, unknown>>[],
    private readonly pageSize = 50,
    private readonly lookupsPerSecond = 2,
  ) {}

  async listen(): Promise<string> {
    this.#server = createServer((request, response) => {
      void json(request).then((input) => {
        const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
        const { status, body } = this.#answer(operation, input as never);
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
      });
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #answer(operation: string, input: { readonly Name?: string; readonly TrailName?: string } & LookupEvents) {
    const { Name, TrailName = '' } = input;
    const trail = this.trails.find(({ name }) => (Name ?? TrailName).endsWith(`/${name}`));
    if (operation === 'LookupEvents') return this.#lookUp(input);
    if (operation === 'DescribeTrails') {
      const trailList = this.trails.map(({ name }) => ({
        Name: name,
        TrailARN: `arn:aws:cloudtrail:x:1:trail/${name}`,
      }));
      return { status: 200, body: { trailList } };
    }
    if (trail === undefined) return refusal('TrailNotFoundException');
    if (operation === 'GetTrailStatus') return { status: 200, body: { IsLogging: trail.isLogging } };
    return { status: 200, body: trail.selectors };
  }

  #lookUp({ LookupAttributes = [], StartTime = 0, MaxResults = 50, NextToken = '0' }: LookupEvents) {
    const now = Date.now();
    this.#lookups = this.#lookups.filter((at) => at > now - 1_000);
    if (this.#lookups.length >= this.lookupsPerSecond) {
      this.throttled += 1;
      return refusal('ThrottlingException');
    }
    this.#lookups.push(now);
    const timeOf = (event: Readonly<Record<string, unknown>>): number => Date.parse(String(event['eventTime']));
    const name = LookupAttributes.find(({ AttributeKey }) => AttributeKey === 'EventName')?.AttributeValue;
    const found = this.events
      .filter((event) => event['eventName'] === name && timeOf(event) >= StartTime * 1_000)
      .toSorted((one, other) => timeOf(other) - timeOf(one));
    const start = Number(NextToken);
    const end = start + Math.min(this.pageSize, MaxResults);
    const Events = found.slice(start, end).map((event) => ({ CloudTrailEvent: JSON.stringify(event) }));
    return { status: 200, body: { Events, ...(end < found.length ? { NextToken: String(end) } : {}) } };
  }
}

function refusal(code: string) {
  return { status: 400, body: { __type: code, message: code } };
}
