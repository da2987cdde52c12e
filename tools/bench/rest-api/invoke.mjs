// Measures invocations of one bundle in a process of its own: invoke.mjs <file> <count> <event as JSON>
import { createRequire } from 'node:module';

const [, , file, count, event] = process.argv;
const { handler } = createRequire(import.meta.url)(file);
const context = { awsRequestId: 'r', functionName: 'f', functionVersion: '1', getRemainingTimeInMillis: () => 10_000 };
// A handler logs each request, as it does in Lambda; here nobody reads it.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const invoke = async () => {
  const response = await handler(JSON.parse(event), context);
  if (response.statusCode !== 200) throw new Error(`answered ${JSON.stringify(response)}`);
};
const milliseconds = [];
for (let n = 0; n < 200; n += 1) await invoke();
const before = process.cpuUsage();
for (let n = 0; n < Number(count); n += 1) {
  const from = performance.now();
  await invoke();
  milliseconds.push(performance.now() - from);
}
const { user, system } = process.cpuUsage(before);
const sorted = milliseconds.sort((one, other) => one - other);
const at = (share) => sorted[Math.floor(share * sorted.length)];
write(JSON.stringify({ p50: at(0.5), p99: at(0.99), processor: (user + system) / 1_000 / sorted.length }));
process.exit(0);
