import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { architectures } from '../../../lib/architectures';
import { slugOf } from '../../../lib/stack-name';
import { findDeployed, loadScenario } from '../../../tools/scenario-runner/discovery';

const scenarios = path.join(__dirname, '../../../scenarios');
const outputs = (stacks: Record<string, Record<string, string>>): string => JSON.stringify(stacks);

function folderWith(...slugs: string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'scenarios-'));
  for (const slug of slugs) writeFileSync(path.join(folder, `${slug}.ts`), '');
  return folder;
}

test.each(architectures.map(({ id, slug }) => [id, slug]))('%s is found by its stack in both stages', (id, slug) => {
  expect([slugOf(id), slugOf(`${id}-prod`)]).toEqual([slug, slug]);
});

test('stacks without a scenario are passed over', () => {
  const text = outputs({ ImageResize: { Name: 'x' }, CDKToolkit: { Name: 'y' } });
  expect(findDeployed(text, [], folderWith('image-resize'))).toEqual([
    { slug: 'image-resize', outputs: { Name: 'x' } },
  ]);
});

test('only the wanted architectures are taken', () => {
  const text = outputs({ ImageResize: {}, 'QueueProcessor-prod': { A: 'b' } });
  const found = findDeployed(text, ['queue-processor'], folderWith('image-resize', 'queue-processor'));
  expect(found).toEqual([{ slug: 'queue-processor', outputs: { A: 'b' } }]);
});

test('a wanted architecture that is not deployed is named beside those that are', () => {
  const find = (): unknown => findDeployed(outputs({ ImageResize: {} }), ['image-resise'], folderWith('image-resize'));
  expect(find).toThrow(`'image-resise' has no stack in the outputs file or no scenario file: use one of image-resize`);
});

test('one architecture in two stages is refused, since either could be meant', () => {
  const text = outputs({ ImageResize: {}, 'ImageResize-prod': {} });
  expect(() => findDeployed(text, [], folderWith('image-resize'))).toThrow('two stacks');
});

test.each(['', '[]', '{"ImageResize":{"Count":1}}'])('an outputs file of %j is refused', (text) => {
  expect(() => findDeployed(text, [], scenarios)).toThrow('the outputs file has no stacks with outputs');
});

test('the scenario of image-resize loads, with a smoke test and proofs of distinct names', async () => {
  const scenario = await loadScenario(scenarios, 'image-resize');
  expect(scenario.smokeTest.name).toBe('smoke-test');
  expect(scenario.proofs.length).toBeGreaterThan(5);
});
