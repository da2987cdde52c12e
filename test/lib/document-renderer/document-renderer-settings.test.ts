import { loadSettings } from '../../../lib/config';
import { documentRendererSettings } from '../../../lib/document-renderer/document-renderer-settings';

const load = (settings: unknown) =>
  loadSettings({ 'document-renderer': settings }, 'document-renderer', documentRendererSettings);

it.each([
  [{ timeoutSeconds: 0 }, 'document-renderer.timeoutSeconds: received 0: use at least 15'],
  [{ memoryMegabytes: '256' }, 'document-renderer.memoryMegabytes: received "256"'],
  [{ timeout: 10 }, "unknown key 'timeout'"],
  [{ renderSeconds: 55 }, 'document-renderer.renderSeconds: received 55: use at most 50'],
  [{ timeoutSeconds: 30 }, 'document-renderer.renderSeconds: use at most 20'],
])('%j is refused in one line', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});
