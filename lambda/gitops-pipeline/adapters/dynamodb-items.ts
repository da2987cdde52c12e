import {
  ConditionalCheckFailedException,
  type AttributeValue,
  type DynamoDBClient,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';

/** Table of runs, builds, approvals and environments, by id. */
export interface RunsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
}

export type Item = Record<string, AttributeValue>;

/** Sparse index of what has not ended. */
export const openIndexName = 'Open';

/** Attributes after an update, or the item that kept it from being made. */
export async function updated(
  send: () => Promise<Pick<UpdateItemCommandOutput, 'Attributes'>>,
): Promise<{ readonly done: boolean; readonly item: Item }> {
  try {
    return { done: true, item: (await send()).Attributes ?? {} };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { done: false, item: error.Item ?? {} };
    throw error;
  }
}

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
