import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { RunsTable } from '../../lambda/gitops-pipeline/adapters/dynamodb-items';
import { stackName } from '../../lib/stack-name';
import type { Signer } from '../command-line/signed-request';
import { outputsOf, requiredOutput, stageOf } from '../command-line/stack-outputs';

/** Clients and outputs of a deployed stack. */
export interface PipelineDeployment {
  readonly table: RunsTable;
  readonly s3: S3Client;
  readonly sfn: Pick<SFNClient, 'send'>;
  /** Credentials of the environment, and the region of the stack. */
  readonly signer: () => Promise<Signer>;
  /** @throws UsageError that names the output which the stack does not have */
  readonly output: (name: string) => string;
}

export async function createDeployment(values: {
  readonly stage: string;
  readonly outputs?: string | undefined;
}): Promise<PipelineDeployment> {
  const stack = stackName('GitopsPipeline', stageOf(values.stage));
  const outputs = await outputsOf(stack, values.outputs);
  const output = (name: string): string => requiredOutput(outputs, stack, name);
  return {
    table: { client: new DynamoDBClient({}), tableName: output('RunsTableName') },
    s3: new S3Client({}),
    sfn: new SFNClient({}),
    async signer() {
      const { config } = new SFNClient({});
      return { credentials: await config.credentials(), region: await config.region() };
    },
    output,
  };
}
