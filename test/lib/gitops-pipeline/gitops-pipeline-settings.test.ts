import { loadSettings } from '../../../lib/config';
import { gitopsPipelineSettings } from '../../../lib/gitops-pipeline/gitops-pipeline-settings';

const load = (settings: unknown) =>
  loadSettings({ 'gitops-pipeline': settings }, 'gitops-pipeline', gitopsPipelineSettings);
const environment = { name: 'staging', branch: 'main', stacks: '*-staging', approval: false };

it.each([
  [{ environments: [] }, 'use at least 1'],
  [{ environments: [environment, { ...environment, branch: 'other' }] }, "use each name once: 'staging'"],
  [{ environments: [environment, { ...environment, name: 'prod' }] }, "use each branch once: 'main'"],
  [{ environments: [{ ...environment, name: 'none' }] }, "use another name than 'none'"],
  [{ environments: [{ ...environment, stacks: '$(reboot)' }] }, 'use a pattern of stack names'],
  [{ buildTimeoutMinutes: 4 }, 'gitops-pipeline.buildTimeoutMinutes: received 4: use at least 5'],
  [{ timeout: 10 }, "unknown key 'timeout'"],
])('%j is refused in one line', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});
