import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../../lib/config';
import { AlarmTopic } from '../../../lib/constructs/alarm-topic';
import { integration, retry, transientLambdaErrors } from '../../../lib/constructs/asl';
import { AccessLogBucket, PrivateBucket } from '../../../lib/constructs/private-bucket';
import { QueueWithDeadLetters } from '../../../lib/constructs/queue-with-dead-letters';
import { RunbookAlarm } from '../../../lib/constructs/runbook-alarm';
import { ServiceFunction } from '../../../lib/constructs/service-function';
import { ServiceStateMachine } from '../../../lib/constructs/service-state-machine';

const folder = mkdtempSync(join(tmpdir(), 'examples-'));
mkdirSync(join(folder, 'send-invoice'));
writeFileSync(join(folder, 'send-invoice', 'index.js'), 'exports.handler = async () => {};\n');

const flag = '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy';

/** The examples of lib/constructs/README.md, as they are written there. */
class Examples extends Stack {
  addAll(senderIdentityArn: string): void {
    const config: Config = { ...loadConfig({ stage: 'prod' }, []), handlersFolder: folder, layersFolder: folder };
    const { topic } = new AlarmTopic(this, 'Alarms', { config });

    const sendInvoice = new ServiceFunction(this, 'SendInvoice', {
      config,
      topic,
      handlerFile: 'send-invoice',
      description: 'Mails the invoice of an order',
      timeout: Duration.seconds(30),
      memorySize: 512,
    });
    sendInvoice.allow(['ses:SendEmail'], senderIdentityArn);

    const { queue, deadLetters } = new QueueWithDeadLetters(this, 'Invoices', {
      config,
      topic,
      runbook: 'invoices',
      consumerTimeout: Duration.seconds(30),
      batchingWindow: Duration.seconds(0),
      maximumReceives: 5,
    });
    expect(deadLetters).not.toBe(queue);

    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    const { bucket: invoices } = new PrivateBucket(this, 'InvoiceFiles', { config, accessLogs });
    sendInvoice.allow(['s3:PutObject'], invoices.arnForObjects('*'));

    const machine = new ServiceStateMachine(this, 'Billing', {
      config,
      topic,
      description: 'Bills an order',
      definition: {
        StartAt: 'Send the invoice',
        TimeoutSeconds: 3_600,
        States: {
          'Send the invoice': {
            Type: 'Task',
            Resource: integration('lambda:invoke'),
            Parameters: { FunctionName: sendInvoice.function.functionArn, 'Payload.$': '$' },
            TimeoutSeconds: 60,
            Retry: [retry(transientLambdaErrors, { maxAttempts: 5 })],
            End: true,
          },
        },
      },
      runbook: 'billing',
      alarms: { failed: 'An order was not billed.', timedOut: 'Billing took longer than an hour.' },
    });
    machine.allow(['lambda:InvokeFunction'], sendInvoice.function.functionArn);

    new RunbookAlarm(this, 'InvoicesLate', {
      topic,
      runbook: 'invoices-late',
      meaning: 'An invoice has waited for an hour.',
      metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: 3_600,
      evaluationPeriods: 1,
    });
  }
}

it('the examples of the constructs page synthesize', () => {
  const stack = new Examples(new App({ analyticsReporting: false, context: { [flag]: true } }), 'Examples');
  stack.addAll('arn:aws:ses:eu-central-1:111111111111:identity/example.com');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 180 });
});

it('the examples of the constructs page are the ones that are tested', () => {
  const root = join(__dirname, '..', '..', '..');
  const compact = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  const tested = compact(readFileSync(__filename, 'utf8'));
  const page = readFileSync(join(root, 'lib', 'constructs', 'README.md'), 'utf8');
  const examples = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, example = '']) =>
    compact(example).replaceAll("'dist'", 'folder'),
  );
  expect(page).toContain(flag);
  expect(examples.length).toBeGreaterThanOrEqual(6);
  expect(examples.filter((example) => !tested.includes(example))).toEqual([]);
});
