// Measures invocations of one bundle in a process of its own: invoke.mjs <file> <clients> <count> <events as JSON>
import { createRequire } from 'node:module';

const [, , file, clients, count, texts] = process.argv;
const { handler } = createRequire(import.meta.url)(file);
const atRest = process.memoryUsage().rss;
const context = { awsRequestId: 'r', functionName: 'f', functionVersion: '1', getRemainingTimeInMillis: () => 10_000 };
const events = JSON.parse(texts).map((event) => JSON.stringify(event));
// A handler logs each request, as it does in Lambda; here nobody reads it.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

/** Sends so many requests, each client the next one when it has its answer; returns their durations. */
async function send(total) {
  const milliseconds = [];
  let sent = 0;
  const client = async () => {
    while (sent < total) {
      const event = JSON.parse(events[sent++ % events.length]);
      const from = performance.now();
      const response = await handler(event, context);
      milliseconds.push(performance.now() - from);
      if (response.statusCode > 201) throw new Error(`${event.httpMethod} answered ${JSON.stringify(response)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(clients) }, client));
  return milliseconds.sort((one, other) => one - other);
}

await send(Math.max(200, 5 * Number(clients)));
const [from, before] = [performance.now(), process.cpuUsage()];
const sorted = await send(Number(count));
const seconds = (performance.now() - from) / 1_000;
const { user, system } = process.cpuUsage(before);
const at = (share) => sorted[Math.floor(share * sorted.length)];
write(
  JSON.stringify({
    ...{ p50: at(0.5), p99: at(0.99), perSecond: sorted.length / seconds },
    processor: (user + system) / 1_000 / sorted.length,
    ...{ atRest: atRest / 1e6, peak: (process.resourceUsage().maxRSS * 1_024) / 1e6 },
  }),
);
process.exit(0);
