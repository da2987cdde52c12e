import { createRequire } from 'node:module';

// As Lambda's runtime loads them: CommonJS by require, which does not look for the names that an import would need.
const [, , file] = process.argv;
const require = createRequire(import.meta.url);
const [from, before] = [performance.now(), process.cpuUsage()];
if (file.endsWith('.mjs')) await import(file);
else require(file);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wall: performance.now() - from, processor: (user + system) / 1000 }));
process.exit(0);
