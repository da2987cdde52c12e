import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, runtimeClient } from '../../../../tools/local/localize/runtime-client';
import { assemblyOf, handlerHash, host, nodeFunction, templateOf } from './small-assembly';

test('a Node function becomes a custom runtime that starts Node with the runtime client', () => {
  const assembly = assemblyOf({ Resize: nodeFunction() });
  expect(runtimeClient.apply(assembly, host)).toEqual(['Photos/Resize']);
  const file = join(assembly.folder, `asset.${handlerHash}`, 'bootstrap');
  expect(readFileSync(file, 'utf8')).toBe(bootstrap(host));
  expect(statSync(file).mode & 0o111).toBe(0o111);
  expect(templateOf(assembly).Resources['Resize']?.Properties).toMatchObject({
    Runtime: 'provided.al2023',
    Handler: 'index.handler',
  });
});

test('the start script quotes paths and unsets variables that functions must not see', () => {
  expect(bootstrap(host)).toContain("exec '/opt/node 24/bin/node' --max-old-space-size=$heap '/somewhere/client.js'");
  expect(bootstrap(host)).toContain('unset USE_SSL AUTH\n');
});

test('variables that AWS sets are added to those of the function', () => {
  const assembly = assemblyOf({
    Resize: nodeFunction({
      Environment: { Variables: { BUCKET: 'b' } },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', LogGroup: { Ref: 'Logs' } },
    }),
  });
  runtimeClient.apply(assembly, host);
  expect(templateOf(assembly).Resources['Resize']?.Properties?.['Environment']).toEqual({
    Variables: {
      BUCKET: 'b',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: 'WARN',
      AWS_LAMBDA_LOG_GROUP_NAME: { Ref: 'Logs' },
    },
  });
});

test.each([
  ['Python', { Runtime: 'python3.13' }],
  ['code in the template', { Code: { ZipFile: 'exports.handler = 1' } }],
])('a function with %s is left alone', (_what, properties) => {
  const assembly = assemblyOf({ Other: nodeFunction(properties) });
  expect(runtimeClient.apply(assembly, host)).toEqual([]);
  expect(assembly.changes()).toEqual({ assets: new Map(), stacks: [] });
});

test('two functions that share an asset share its start script', () => {
  const assembly = assemblyOf({ One: nodeFunction(), Two: nodeFunction() });
  expect(runtimeClient.apply(assembly, host)).toHaveLength(2);
  expect(assembly.changes().assets.size).toBe(1);
});
