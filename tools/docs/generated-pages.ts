import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architectures } from '../../lib/architectures';
import { openApi } from '../../lib/rest-api/openapi';
import { bills } from '../costs/bill';
import { costPages } from '../costs/cost-pages';
import { priceTable } from '../costs/price-table';
import { diagramOf } from '../diagrams/diagram';
import { diagramPages } from '../diagrams/mermaid';
import { faultPages } from '../fault-matrix/fault-pages';
import { readMetrics } from '../fault-matrix/recorded-metrics';
import { loadAnswers } from '../fault-matrix/load-answers';
import { permissionPages } from '../permissions/permission-pages';
import { readRecordedPermissions } from '../permissions/recorded-permissions';
import { readAcceptedUnused } from '../permissions/accepted-unused';
import { alarmPages } from '../runbook/alarm-pages';
import { alarmRows } from '../runbook/alarm-rows';
import { readCauses } from '../runbook/causes';
import type { TemplateOf } from '../template/synthesis';
import { openApiPage, type Description } from './openapi-page';
import type { Pages } from './pages';
import { settingsOf, withSettings } from './settings-table';

/**
 * Returns all generated pages, and the READMEs with their tables of settings.
 *
 * @param templateOf default template of an architecture in each stage
 * @throws Error where the registry lists an architecture that the app has no stack for
 */
export async function generatedPages(root: string, templateOf: TemplateOf): Promise<Pages> {
  const sandbox = architectures.map(({ id, slug }) => {
    const template = templateOf(id, 'sandbox');
    if (template === undefined) throw new Error(`the app has no stack '${id}', which the registry lists`);
    return { slug, template };
  });
  return new Map([
    ...alarmPages(sandbox.map(({ slug, template }) => ({ slug, rows: alarmRows(template, readCauses(root, slug)) }))),
    ...costPages(bills(root, templateOf), priceTable),
    ...diagramPages(sandbox.map(({ slug, template }) => ({ slug, diagram: diagramOf(template) }))),
    ...faultPages((await loadAnswers(root)).map((one) => ({ ...one, metrics: readMetrics(root, one.slug) }))),
    ...architectures.map(({ slug, settings }): [string, string] => {
      const path = `lib/${slug}/README.md`;
      return [path, withSettings(readFileSync(join(root, path), 'utf8'), settingsOf(settings))];
    }),
    // The description is made of constants, and its type says less than it holds.
    ['docs/openapi.html', openApiPage(openApi() as unknown as Description)],
    ['docs/openapi.json', `${JSON.stringify(openApi(), null, 2)}\n`],
    ...permissionPages(
      sandbox.map(({ slug, template }) => ({
        ...{ slug, template },
        recorded: readRecordedPermissions(root, slug),
        acceptedUnused: readAcceptedUnused(root, slug),
      })),
    ),
  ]);
}
