import { buildSpecOf } from '../../../lib/gitops-pipeline/build-steps';
import { buildSteps } from '../../../lambda/gitops-pipeline/run';
import { gitopsPipelineSettings } from '../../../lib/gitops-pipeline/gitops-pipeline-settings';
import { parseBuildspec } from '../../../tools/local/builder/buildspec';

const settings = gitopsPipelineSettings.parse({});

const commandsOf = (step: (typeof buildSteps)[number]): string[] => {
  const { install, build } = buildSpecOf(step, settings).phases;
  return [...install.commands, ...build.commands];
};

it.each(buildSteps)('step %s has a buildspec that the local builder runs', (step) => {
  expect(parseBuildspec(JSON.stringify(buildSpecOf(step, settings))).phases.build.commands.length).toBeGreaterThan(0);
});

it.each(buildSteps)('step %s takes variables in quotation marks alone, so that no name becomes a command', (step) => {
  for (const command of commandsOf(step)) {
    const unquoted = command.replace(/"(?:[^"\\$]|\\.|\$\([^)]*\)|\$\w+)*"/g, '').replace(/\$\?/g, '');
    expect(unquoted).not.toContain('$');
  }
});

it('no step but scan, check, diff and deploy runs anything with the tools of the pipeline', () => {
  const withTools = buildSteps.filter((step) => commandsOf(step).some((one) => one.includes('SRC_DIR_tools')));
  expect(withTools).toEqual(['scan', 'check', 'diff', 'deploy']);
});

it('steps that have permissions to deploy run no command of the commit', () => {
  for (const step of ['diff', 'deploy'] as const) {
    expect(commandsOf(step).filter((one) => /npm (?:run|test)|smoke-test/.test(one))).toEqual([]);
  }
});
