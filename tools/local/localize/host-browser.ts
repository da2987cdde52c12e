import { findBrowser } from '../../../scenarios/shared/browser/find-browser';
import { isObject, nameOf, resourcesOf } from './assembly';
import type { Host, Rule } from './rule';

/** Names this machine's browser to functions whose layer has one for Linux on x86-64. Does nothing on such a machine. */
export const hostBrowser: Rule = {
  name: 'host-browser',
  reason: 'the browser of the layer is built for Linux on x86-64; this machine uses its own, which draws differently',
  apply(assembly, { browser }) {
    if (browser === undefined) return [];
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const environment = placed.resource.Properties?.['Environment'];
      const variables = isObject(environment) ? environment['Variables'] : undefined;
      if (!isObject(variables) || variables['CHROMIUM_FOLDER'] === undefined) return [];
      variables['CHROMIUM_EXECUTABLE'] = browser;
      return [nameOf(placed)];
    });
  },
};

/** Browser of a machine that cannot run a layer's, by `CHROME` or its usual places; nothing on Linux on x86-64. */
export function hostBrowserOf(machine: Pick<NodeJS.Process, 'platform' | 'arch' | 'env'>): Pick<Host, 'browser'> {
  if (machine.platform === 'linux' && machine.arch === 'x64') return {};
  const browser = findBrowser(machine.env);
  return browser === undefined ? {} : { browser };
}
