import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { databaseName, engines, type Engine } from '../../lambda/database-access/database-schema';
import type { IngestAnswer, TotalsAnswer } from '../../lambda/database-access/records';
import type { ScenarioRun } from '../shared/scenario';

/** Longest time of a call: an invocation may be queued, and then wait for the database. */
const requestTimeout = 120_000;

const variablesSchema = z.object({ DATABASE_ENGINE: z.enum(engines), DATABASE_PORT: z.coerce.number() });

/** Error of a function as its caller receives it. */
const failureSchema = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
  stackTrace: z.array(z.string()).optional(),
});
export type Failure = z.infer<typeof failureSchema>;

export type Answer<T> = { readonly value: T } | { readonly failure: Failure };

/** A record in a request. */
export interface SentRecord {
  readonly id: string;
  readonly customerId: string;
  readonly amount: string;
  readonly currency: string;
  readonly occurredAt: string;
}

/** The deployed stack and its operations. */
export class Deployment {
  private constructor(
    private readonly lambda: LambdaClient,
    readonly functionName: string,
    readonly migrateFunctionName: string,
    readonly engine: Engine,
    readonly host: string,
    readonly port: number,
  ) {}

  readonly database = databaseName;

  static async read(run: ScenarioRun): Promise<Deployment> {
    // The SDK does not retry: scenarios retry explicitly.
    const requestHandler = { requestTimeout, httpsAgent: { maxSockets: 100 } };
    const lambda = new LambdaClient({ maxAttempts: 1, requestHandler });
    const FunctionName = run.output('DataProcessorFunctionName');
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const variables = variablesSchema.parse(Environment?.Variables);
    const { DATABASE_ENGINE: engine, DATABASE_PORT: port } = variables;
    return new Deployment(
      lambda,
      FunctionName,
      run.output('MigrateFunctionName'),
      engine,
      run.output('ProxyEndpoint'),
      port,
    );
  }

  ingest(records: readonly SentRecord[]): Promise<Answer<IngestAnswer>> {
    return this.invoke(this.functionName, { operation: 'ingest', records });
  }

  totals(customerId: string, from: string, to: string): Promise<Answer<TotalsAnswer>> {
    return this.invoke(this.functionName, { operation: 'totals', customerId, from, to });
  }

  migrate(): Promise<Answer<{ applied: number[]; version: number }>> {
    return this.invoke(this.migrateFunctionName, {});
  }

  async invoke<T>(functionName: string, request: object): Promise<Answer<T>> {
    const Payload = JSON.stringify(request);
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
    const body: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
    if (answer.FunctionError === undefined) return { value: body as T };
    return { failure: failureSchema.parse(body) };
  }
}

const mostAttempts = 4;

/**
 * Repeats a request that failed with `DatabaseUnavailable`, as that error tells callers to do.
 *
 * @throws Error with the function's error
 */
export async function sendWithRetry<T>(send: () => Promise<Answer<T>>): Promise<T> {
  for (let again = 0; ; again += 1) {
    const answer = await send();
    const isRetryable = 'failure' in answer && answer.failure.errorType === 'DatabaseUnavailable';
    if (!isRetryable || again + 1 === mostAttempts) return valueOf(answer);
    await setTimeout(500 * 2 ** again);
  }
}

/** @throws Error with the function's error */
export function valueOf<T>(answer: Answer<T>): T {
  if ('value' in answer) return answer.value;
  throw new Error(`the function failed: ${answer.failure.errorType}: ${answer.failure.errorMessage}`);
}
