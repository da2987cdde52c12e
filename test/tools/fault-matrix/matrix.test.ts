import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadAnswers } from '../../../tools/fault-matrix/load-answers';
import { isTest } from '../../../tools/fault-matrix/fault-pages';
import { architectures } from '../../../lib/architectures';
import { readCauses } from '../../../tools/runbook/causes';
import { loadScenario } from '../../../tools/scenario-runner/discovery';
import { root } from '../../synthesis';

it.each(architectures)('every proof that $slug names for a fault exists', async ({ slug }) => {
  const scenario = await loadScenario(join(root, 'scenarios'), slug);
  const variants = scenario.variants ?? [];
  const checks = [scenario.smokeTest, ...scenario.proofs, ...variants.flatMap(({ proofs }) => proofs)];
  const [answers] = (await loadAnswers(root)).filter((one) => one.slug === slug).map((one) => one.answers);
  const named = Object.values(answers ?? {}).flatMap((answer) => ('provedBy' in answer ? answer.provedBy : []));
  const missing = named.filter((name) =>
    isTest(name) ? !existsSync(join(root, name)) : !checks.some((check) => check.name === name),
  );
  expect(missing).toEqual([]);
});

it.each(architectures)(
  'a proof raises the alarms of $slug, and every check named as a cause exists',
  async ({ slug }) => {
    const { smokeTest, proofs, variants = [] } = await loadScenario(join(root, 'scenarios'), slug);
    const ofVariants = variants.flatMap((variant) => variant.proofs);
    const checks = [smokeTest, ...proofs, ...ofVariants].map(({ name }) => name);
    const named = Object.values(readCauses(root, slug)).flatMap((cause) => ('causedBy' in cause ? cause.causedBy : []));
    expect(['alarms', ...named].filter((name) => !checks.includes(name))).toEqual([]);
  },
);
