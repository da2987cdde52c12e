import { generatedPages } from '../../../tools/docs/generated-pages';
import { stalePages } from '../../../tools/docs/pages';
import type { Template } from '../../../tools/template/template';
import { root, stages, synthesize } from '../../synthesis';

const syntheses = new Map(stages.map((stage) => [stage, synthesize({ stage })]));

it('every generated page in docs/ is up to date: npm run docs', async () => {
  const pages = await generatedPages(root, (id, stage) => syntheses.get(stage)?.template(id).toJSON() as Template);
  expect(stalePages(root, pages)).toEqual([]);
});
