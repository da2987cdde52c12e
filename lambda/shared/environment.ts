import * as z from 'zod/mini';

/** A whole number above zero, written in digits. */
export const wholeNumber = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => Number(text)),
  ),
  z.int().check(z.positive()),
);

/**
 * Reads a function's environment.
 *
 * @throws Error that names each variable that is wrong and the value received
 */
export function readEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  const received = [...wrong].map(
    (name) => `${name} is ${environment[name] === undefined ? 'not set' : JSON.stringify(environment[name])}`,
  );
  throw new Error(`wrong environment of the function: ${received.join(', ')}: deploy it by its stack`);
}
