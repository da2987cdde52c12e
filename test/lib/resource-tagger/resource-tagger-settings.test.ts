import { loadSettings } from '../../../lib/config';
import { resourceTaggerSettings } from '../../../lib/resource-tagger/resource-tagger-settings';

const load = (settings: unknown) =>
  loadSettings({ 'resource-tagger': settings }, 'resource-tagger', resourceTaggerSettings);

it.each([
  [{ timeoutSeconds: 0 }, 'resource-tagger.timeoutSeconds: received 0'],
  [{ memoryMegabytes: '256' }, 'resource-tagger.memoryMegabytes: received "256"'],
  [{ timeout: 10 }, "unknown key 'timeout'"],
  [{ tagKeys: { creator: 'AWS:creator' } }, 'no prefix aws:'],
  [{ tagKeys: { creator: 'Cost-Center' } }, 'use four different keys'],
  [{ webhooks: {} }, 'give slackSecretName, teamsSecretName or both'],
  [{ webhooks: { slackSecretName: 'https://hooks.slack.com/x' } }, 'use the name of a secret'],
  [{ requiredTags: ['a<b'] }, 'use letters, digits'],
])('%j is refused in one line', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});
