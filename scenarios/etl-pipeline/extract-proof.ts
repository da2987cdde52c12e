import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { etlPipelineSettings } from '../../lib/etl-pipeline/etl-pipeline-settings';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readDeployment, type Deployment } from './deployment';
import { FakeApi, type ApiFault } from './fake-api';
import { readRejected, removeLater, waitForReport, type Upload } from './files';
import { product, readProducts, type Product } from './rows';

const dataset = 'catalog';
const { datasets } = etlPipelineSettings.parse({});
const [products] = datasets;

/** The default dataset, and the same columns as records of an API. */
export const extractSettings = {
  datasets: [...datasets, { ...products, name: dataset, prefix: `${dataset}/`, format: 'jsonl' }],
  extract: {
    dataset,
    url: 'https://api.example.com/records',
    paging: { style: 'cursor' },
    requestsPerSecond: 50,
  },
};

const count = 500;
const pageSize = 25;
const faults: Readonly<Record<number, ApiFault>> = {
  2: 'throttled',
  4: 'failed',
  5: 'reset',
  7: 'cut off',
  9: 'long wait',
  12: 'expired',
  15: 'repeated',
};

export const extractProof: Check = {
  name: 'extract',
  title: 'an API that throttles, breaks off, repeats pages and forgets its cursor becomes one file, and its rows',
  // The API is on this machine, where functions of an account do not reach it.
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    // A number in JSON with more digits than JavaScript keeps.
    const records = Array.from({ length: count }, (_, index) =>
      product(run, index, { price: `${index + 1}0000000000000001.25` }),
    );
    const api = new FakeApi({ records: records.map(toJson), pageSize, token: run.runId, faults });
    const lambda = await serve(run, deployment, api);

    const first = await run.step('extract until the API asks for an hour', () => extract(run, lambda, { now: true }));
    run.assertEqual(first, { finished: false }, 'the run is not finished');
    const reached = api.asked.at(-1);
    run.assertEqual(await extract(run, lambda, {}), { finished: false }, 'the schedule leaves the API alone');
    run.assertEqual(api.asked.length, 9, 'requests so far');
    const second = await run.step('go on', () => extract(run, lambda, { now: true }));
    run.assertEqual(second, { finished: true }, 'the run is finished');
    run.assertEqual(api.asked[9], reached, 'it went on at the page that it had reached');
    run.assertEqual(api.asked[12], '', 'after the cursor expired it began at the first page');
    run.metric('requests to the API', api.asked.length);

    const file = await extractedFile(run, deployment);
    const report = await run.step('wait for the report of its file', () =>
      waitForReport(run, deployment, file, { dataset }),
    );
    const { status, rows, loaded, unchanged, older, rejected } = report;
    // Of a record that comes twice, either line may be written first.
    const again = unchanged + older;
    run.assertEqual(
      { status, rows, loaded, again, rejected },
      { status: 'loaded', rows: count + pageSize, loaded: count, again: pageSize, rejected: 0 },
      'each record is loaded once, and those of the repeated page change nothing',
    );
    run.assertEqual(await readRejected(deployment, file, dataset), [], 'rejected records');
    const skus = records.map(({ sku }) => sku);
    run.assertEqual(
      await readProducts(run, deployment, skus, dataset),
      records,
      'the rows are the records, with all digits',
    );
    const asked = api.asked.length;
    run.assertEqual(await extract(run, lambda, {}), { finished: true }, 'nothing is due after it');
    run.assertEqual(api.asked.length, asked, 'requests after it');
  },
};

function toJson({ sku, name, price, currency, stock, updatedAt }: Product): string {
  const record = JSON.stringify({ sku, name, currency, stock: Number(stock), updated_at: updatedAt });
  return record.replace('{', `{"price":${price},`);
}

/** Serves the API, and lets the function call it, until the check ends. What earlier extracts have left is forgotten. */
async function serve(run: ScenarioRun, { s3 }: Deployment, api: FakeApi): Promise<LambdaClient> {
  const url = await api.listen();
  run.cleanUp('the API', () => api.close());
  const lambda = new LambdaClient({});
  const FunctionName = run.output('ExtractFunctionName');
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const state = { Bucket: Environment?.Variables?.['WORK_BUCKET_NAME'], Key: 'extracts/state.json' };
  await s3.send(new DeleteObjectCommand(state));
  const setUrl = async (API_URL: string): Promise<void> => {
    const Variables = { ...Environment?.Variables, API_URL };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
  };
  await setUrl(url);
  run.cleanUp('the URL of the API', () => setUrl(Environment?.Variables?.['API_URL'] ?? ''));
  const token = { SecretId: run.output('ApiTokenSecretArn'), SecretString: run.runId };
  await new SecretsManagerClient({}).send(new PutSecretValueCommand(token));
  return lambda;
}

async function extract(run: ScenarioRun, lambda: LambdaClient, event: object): Promise<unknown> {
  const Payload = JSON.stringify(event);
  const answer = await lambda.send(new InvokeCommand({ FunctionName: run.output('ExtractFunctionName'), Payload }));
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

async function extractedFile(run: ScenarioRun, deployment: Deployment): Promise<Upload> {
  const Prefix = `incoming/${dataset}/extract-`;
  const listing = new ListObjectVersionsCommand({ Bucket: deployment.incomingBucket, Prefix });
  const { Versions = [] } = await deployment.s3.send(listing);
  run.assertEqual(Versions.length, 1, 'files of the run');
  const [{ Key: key = '', VersionId: versionId = '' } = {}] = Versions;
  return removeLater(run, deployment, { key, versionId }, dataset);
}
