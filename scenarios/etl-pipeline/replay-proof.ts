import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import type { Deployment } from './deployment';
import { readDeployment } from './deployment';
import { deliver, upload, waitForReport, type Upload } from './files';
import { csv, product, readProducts } from './rows';

export const replayProof: Check = {
  name: 'replay',
  title: 'quarantined and stopped files are explained, corrected and replayed with the commands of the runbook',
  expectedErrors: ['InvalidInputError'],
  async run(run) {
    const deployment = readDeployment(run);
    const good = Array.from({ length: 20 }, (_, index) => product(run, index));
    const wrong = good.map((one, index) => (index < 5 ? { ...one, price: 'free' } : one));

    const file = await upload(run, deployment, 'prices.csv', csv(wrong));
    const refused = await run.step('a file with too many rejects', () => waitForReport(run, deployment, file));
    run.assertEqual(refused.status, 'quarantined', 'it is quarantined');
    const story = await run.step('explain it', () => operate(run, 'explain <file id> --rows 20', file.fileId));
    run.assert(
      story.includes('5 × price: use a decimal number') && story.includes('line 2:'),
      'its story has reasons and lines',
      story,
    );
    await run.step('replay it', () => operate(run, 'replay <file id>', file.fileId));
    const again = await waitForReport(run, deployment, file, { generation: 2 });
    run.assertEqual(again.status, 'quarantined', 'what has not changed is quarantined again');
    const skus = good.map(({ sku }) => sku);
    run.assertEqual((await readProducts(run, deployment, skus)).filter(Boolean).length, 0, 'rows of it in the table');

    const corrected = await upload(run, deployment, 'prices.csv', csv(good));
    const loaded = await run.step('the corrected file', () => waitForReport(run, deployment, corrected));
    run.assertEqual([loaded.status, loaded.loaded], ['loaded', good.length], 'it is loaded');
    const twice = await upload(run, deployment, 'prices.csv', csv(good));
    const unchanged = await run.step('the same file again', () => waitForReport(run, deployment, twice));
    run.assertEqual([unchanged.loaded, unchanged.unchanged], [0, good.length], 'every row is unchanged');

    run.assert((await operate(run, 'replay --failed')).includes('0 refused'), 'failed files are replayed');
    await run.step('redrive an event', () => redriveEvent(run, deployment));
    await run.step('stop an execution, and replay its file', () => stopAndReplay(run, deployment));
    await run.step('an event of a file that was deleted', async () => {
      const object = { key: `incoming/products/${run.runId}/gone.csv` };
      const input = JSON.stringify({ detail: { bucket: { name: deployment.incomingBucket }, object } });
      const started = new StartExecutionCommand({ stateMachineArn: deployment.machine, input });
      const { executionArn = '' } = await deployment.stepFunctions.send(started);
      run.assertEqual(await endOf(run, deployment, executionArn), 'SUCCEEDED', 'it ends quietly');
    });
    await run.step('start an execution with a wrong input', async () => {
      const { executionArn = '' } = await deployment.stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: deployment.machine, input: '{"detail":{}}' }),
      );
      run.assertEqual(await endOf(run, deployment, executionArn), 'FAILED', 'it fails');
    });
  },
};

/** Runs a command of the runbook. */
function operate(run: ScenarioRun, command: string, fileId = ''): Promise<string> {
  return runCommand(run, 'etl-pipeline', `npm run ops -- etl-pipeline ${command}`, { values: { 'file id': fileId } });
}

async function stopAndReplay(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const many = Array.from({ length: 300 }, (_, index) => product(run, 100 + index));
  const file = await stoppedFile(run, deployment, csv(many));
  // A repeated event of a file that was claimed starts nothing.
  run.assertEqual(
    await endOf(run, deployment, await deliver(deployment, file)),
    'SUCCEEDED',
    'its event again ends quietly',
  );
  const open = await operate(run, 'explain --open');
  run.assert(open.includes(file.fileId), 'it is listed as open', open);
  await countOpenFiles(run, deployment);
  await operate(run, 'replay <file id>', file.fileId);
  const report = await waitForReport(run, deployment, file, { generation: 2 });
  const rows = report.loaded + report.unchanged;
  run.assertEqual([report.status, rows], ['loaded', many.length], 'every row is loaded, before or by the replay');
  await readProducts(
    run,
    deployment,
    many.map(({ sku }) => sku),
  );
}

/** Uploads a file and stops its execution; another one if an execution has ended before. */
async function stoppedFile(run: ScenarioRun, deployment: Deployment, content: string): Promise<Upload> {
  for (let count = 1; count <= 5; count += 1) {
    const file = await upload(run, deployment, `stopped-${count}.csv`, content);
    const execution = await run.eventually(
      'the file to be claimed',
      async () => {
        const key = { TableName: deployment.filesTable, Key: { fileId: { S: file.fileId } } };
        return (await deployment.dynamodb.send(new GetItemCommand(key))).Item?.['execution']?.S;
      },
      { everyMilliseconds: 50 },
    );
    await deployment.stepFunctions
      .send(new StopExecutionCommand({ executionArn: execution }))
      .catch((error: unknown) => run.log(String(error)));
    const status = await endOf(run, deployment, execution);
    if (status === 'ABORTED') return file;
    run.log(`an execution ended before it was stopped: ${status}`);
  }
  throw new Error('five executions ended before they were stopped');
}

/** Invokes WatchFiles, as its schedule does. */
async function countOpenFiles(run: ScenarioRun, { stepFunctions, machine }: Deployment): Promise<void> {
  const steps = await functionsCalledBy(stepFunctions, machine);
  const prefix = steps.find((name) => name.includes('-ClaimFile'))?.replace(/-ClaimFile.*/, '-WatchFiles') ?? '';
  const lambda = new LambdaClient({});
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const found = Functions.find(({ FunctionName = '' }) => FunctionName.startsWith(prefix));
    if (found === undefined) continue;
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: found.FunctionName, Payload: '{}' }));
    run.assertEqual(FunctionError, undefined, 'the backlog is counted');
    return;
  }
  run.assert(false, `a function ${prefix}…`);
}

/** Puts an event into the queue, as EventBridge does where it cannot start an execution. */
async function redriveEvent(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const sqs = new SQSClient({});
  const one = product(run, 900);
  const file = await upload(run, deployment, 'unstarted.csv', csv([one]));
  const detail = {
    bucket: { name: deployment.incomingBucket },
    object: { key: file.key, 'version-id': file.versionId },
  };
  await sqs.send(
    new SendMessageCommand({ QueueUrl: run.output('UnstartedFilesUrl'), MessageBody: JSON.stringify({ detail }) }),
  );
  const printed = await operate(run, 'redrive');
  run.assert(/[1-9]\d* started/.test(printed), 'its execution is started', printed);
  run.assertEqual(
    (await waitForReport(run, deployment, file)).loaded,
    1,
    'rows that are loaded, by whichever event came first',
  );
  await readProducts(run, deployment, [one.sku]);
}

async function endOf(run: ScenarioRun, { stepFunctions }: Deployment, executionArn: string): Promise<string> {
  return run.eventually('the execution to end', async () => {
    const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' ? undefined : status;
  });
}
