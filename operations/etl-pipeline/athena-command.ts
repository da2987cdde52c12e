import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { datasetSchema, type Dataset } from '../../lambda/etl-pipeline/dataset';
import { UsageError, parseOptions } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { stackName } from '../../lib/stack-name';
import { athenaStatement } from './athena-statement';

const help = `Prints the statement that makes the curated rows of a dataset a table of Athena.

  npm run ops -- etl-pipeline athena <dataset> [options]

  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Endpoint, region and credentials come from the environment. Exit code: 0 printed, 2 wrong usage.`;

/** Runs `npm run ops -- etl-pipeline athena`; returns the exit code. */
export async function runAthena(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { ...stackOptions, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const stack = stackName('EtlPipeline', stageOf(values.stage));
  const outputs = await outputsOf(stack, values.outputs);
  const stateMachineArn = requiredOutput(outputs, stack, 'EtlStateMachineArn');
  const { definition = '' } = await new SFNClient({}).send(new DescribeStateMachineCommand({ stateMachineArn }));
  const dataset = datasetIn(definition, positionals);
  console.log(athenaStatement(dataset, requiredOutput(outputs, stack, 'CuratedBucketName')));
  return 0;
}

const definitionSchema = z.object({
  States: z.object({
    'Claim the file': z.object({ Parameters: z.object({ Payload: z.object({ datasets: z.array(datasetSchema) }) }) }),
  }),
});

/** Dataset of a deployed state machine. @throws UsageError with the names that there are */
export function datasetIn(definition: string, names: readonly string[]): Dataset {
  const { datasets } = definitionSchema.parse(JSON.parse(definition)).States['Claim the file'].Parameters.Payload;
  const dataset = names.length === 1 ? datasets.find(({ name }) => name === names[0]) : undefined;
  if (dataset !== undefined) return dataset;
  throw new UsageError(`received '${names.join(' ')}': use one of ${datasets.map(({ name }) => name).join(', ')}`);
}
