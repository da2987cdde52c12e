import { z } from 'zod';

const commands = z.array(z.string()).default([]);

/**
 * The subset of a buildspec 0.2 that the local builder runs; every other key is refused.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
const buildspecSchema = z.strictObject({
  version: z.literal(0.2),
  env: z
    .strictObject({
      variables: z.record(z.string(), z.string()).default({}),
      'exported-variables': z.array(z.string().regex(/^[A-Za-z_]\w*$/)).default([]),
    })
    .prefault({}),
  phases: z.strictObject({
    // The builder runs the Node.js of this machine.
    install: z
      .strictObject({ 'runtime-versions': z.record(z.string(), z.unknown()).optional(), commands })
      .prefault({}),
    build: z.strictObject({ commands }),
  }),
  artifacts: z.strictObject({ files: z.array(z.string()), 'base-directory': z.string().optional() }).optional(),
});

export type Buildspec = z.output<typeof buildspecSchema>;

/** @throws Error that names the keys that the builder does not know */
export function parseBuildspec(text: string): Buildspec {
  const parsed = buildspecSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`the local builder does not run this buildspec: ${z.prettifyError(parsed.error)}`);
}

/** Shell script of all phases in one shell, as CodeBuild runs version 0.2. The folder holds what the builder reads afterwards. */
export function scriptOf({ env, phases }: Buildspec, folder: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  // The command is noted before it runs, since `exit` in it ends the shell.
  const run = (phase: string, command: string): string =>
    [
      `printf %s ${phase} > ${quoted(`${folder}/phase`)}`,
      `printf '%s' ${quoted(command)} > ${quoted(`${folder}/command`)}`,
      `eval ${quoted(command)}`,
      'code=$?',
      'if [ "$code" -ne 0 ]; then exit "$code"; fi',
    ].join('\n');
  return [
    ...env['exported-variables'].map(
      (name) => `trap_${name}() { printf '%s' "\${${name}-}" > ${quoted(`${folder}/exported-${name}`)}; }`,
    ),
    `trap '${env['exported-variables'].map((name) => `trap_${name}`).join('; ') || ':'}' EXIT`,
    ...phases.install.commands.map((command) => run('INSTALL', command)),
    ...phases.build.commands.map((command) => run('BUILD', command)),
  ].join('\n');
}
