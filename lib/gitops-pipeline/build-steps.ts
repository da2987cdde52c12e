import type { Step } from '../../lambda/gitops-pipeline/run';
import type { GitopsPipelineSettings } from './gitops-pipeline-settings';

const nodeVersion = 22;

/** Buildspec of the keys that the steps use: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
export interface BuildSpec {
  readonly version: 0.2;
  readonly env?: {
    readonly variables?: Readonly<Record<string, string>>;
    readonly 'exported-variables'?: readonly string[];
  };
  readonly phases: {
    readonly install: {
      readonly 'runtime-versions': { readonly nodejs: number };
      readonly commands: readonly string[];
    };
    readonly build: { readonly commands: readonly string[] };
  };
  readonly artifacts?: { readonly files: readonly string[]; readonly 'base-directory'?: string };
}

interface StepCommands {
  readonly install?: readonly string[];
  readonly commands: readonly string[];
  readonly exported?: readonly string[];
  readonly artifacts?: BuildSpec['artifacts'];
}

// Of the commit's lock file, and without scripts of packages.
const installDependencies = 'if [ -f package-lock.json ]; then npm ci --ignore-scripts --no-audit --no-fund; fi';
// Exactly these versions, with their hashes; the tools are an asset of the pipeline, and not of the commit.
const installTool = (name: string): string =>
  `npm ci --ignore-scripts --no-audit --no-fund --prefix "$CODEBUILD_SRC_DIR_tools/${name}"`;
const oxlint = '"$CODEBUILD_SRC_DIR_tools/scan/node_modules/.bin/oxlint"';
const scanning = (kind: 'source' | 'assembly'): StepCommands => ({
  commands: [
    `FINDINGS="$(node "$CODEBUILD_SRC_DIR_tools/scan/scan.mjs" ${kind} "$CODEBUILD_SRC_DIR" "$CODEBUILD_SRC_DIR_tools/report/findings.sarif" ${oxlint})"`,
    'export FINDINGS',
    'mv "$CODEBUILD_SRC_DIR_tools/report/findings.sarif" findings.sarif',
  ],
  exported: ['FINDINGS'],
  artifacts: { files: ['findings.sarif'] },
});
const cdk = '"$CODEBUILD_SRC_DIR_tools/cdk/node_modules/.bin/cdk"';

/** Commands of each step. Names of the commit reach them as variables in quotation marks, never as text of a command. */
const steps: Readonly<Record<Step, StepCommands>> = {
  scan: { install: [installTool('scan')], ...scanning('source') },
  build: {
    install: [installDependencies],
    commands: ['npm run synth'],
    artifacts: { files: ['**/*'], 'base-directory': 'cdk.out' },
  },
  test: { install: [installDependencies], commands: ['npm test'] },
  check: scanning('assembly'),
  diff: {
    install: [installTool('cdk')],
    commands: [`${cdk} diff --app . --no-color --method=template "$STACKS" > diff.txt 2>&1`],
    artifacts: { files: ['diff.txt'] },
  },
  deploy: {
    install: [installTool('cdk')],
    commands: [
      `${cdk} deploy --app . --no-color --require-approval never --progress events --outputs-file outputs.json "$STACKS"`,
      'if [ ! -f outputs.json ]; then echo "{}" > outputs.json; fi',
    ],
    artifacts: { files: ['outputs.json'] },
  },
  smoke: {
    commands: [
      'export OUTPUTS_FILE="$CODEBUILD_SRC_DIR_outputs/outputs.json"',
      'if [ -f smoke-test.mjs ]; then node smoke-test.mjs; else echo "the assembly has no smoke-test.mjs"; fi',
    ],
  },
};

/** Buildspec of a step. It is part of the project: a pushed branch cannot change it. */
export function buildSpecOf(
  step: Step,
  { acceptedFindings }: Pick<GitopsPipelineSettings, 'acceptedFindings'>,
): BuildSpec {
  const { install = [], commands, exported, artifacts } = steps[step];
  return {
    version: 0.2,
    ...(exported === undefined
      ? {}
      : {
          env: {
            variables: { ACCEPTED_FINDINGS: JSON.stringify(acceptedFindings) },
            'exported-variables': exported,
          },
        }),
    phases: {
      install: { 'runtime-versions': { nodejs: nodeVersion }, commands: ['node --version', ...install] },
      build: { commands },
    },
    ...(artifacts === undefined ? {} : { artifacts }),
  };
}
