import { App, Duration, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../lib/config';
import { AlarmTopic } from '../../../lib/constructs/alarm-topic';
import { ServiceFunction } from '../../../lib/constructs/service-function';

const handlersFolder = mkdtempSync(join(tmpdir(), 'service-function-'));
mkdirSync(join(handlersFolder, 'work'));
writeFileSync(join(handlersFolder, 'work', 'index.js'), 'exports.handler = async () => {};\n');

function synthesizeWith(change: (target: CfnFunction) => void): () => void {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Example');
  const config = { ...loadConfig({}, []), handlersFolder, layersFolder: 'unused' };
  const { topic } = new AlarmTopic(stack, 'Alarms', { config });
  const { function: work } = new ServiceFunction(stack, 'Work', {
    config,
    topic,
    handlerFile: 'work',
    description: 'Works',
    timeout: Duration.seconds(10),
    memorySize: 256,
  });
  change(work.node.defaultChild as CfnFunction);
  return () => app.synth();
}

it('a function whose credentials are in its environment is synthesized', () => {
  expect(synthesizeWith(() => undefined)).not.toThrow();
});

it.each([
  ['SnapStart', { snapStart: { applyOn: 'PublishedVersions' } }],
  [
    'a capacity provider',
    {
      capacityProviderConfig: {
        lambdaManagedInstancesCapacityProviderConfig: {
          capacityProviderArn: 'arn:aws:lambda:us-east-1:123456789012:capacity-provider:cp',
        },
      },
    },
  ],
])('a function with %s is refused at synth, since its credentials are elsewhere', (what, properties) => {
  expect(synthesizeWith((work) => Object.assign(work, properties))).toThrow(`has ${what}, where credentials`);
});
