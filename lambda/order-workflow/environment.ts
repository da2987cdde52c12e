import * as z from 'zod/mini';

/**
 * Reads a function's environment.
 *
 * @throws Error that names each variable that is wrong or not set
 */
export function readEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const wrong = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  const received = wrong.map((name) => `${name} is ${environment[name] === undefined ? 'not set' : 'wrong'}`);
  throw new Error(`environment of the function: ${received.join(', ')}: deploy it by its stack`);
}
