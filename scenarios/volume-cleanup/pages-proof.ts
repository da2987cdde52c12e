import type { Check } from '../shared/scenario';
import { cleanUp, createVolume, readDeployment, recordOf } from './deployment';

/** More than one page of 500. */
const count = 520;
const atOnce = 20;

export const pagesProof: Check = {
  name: 'many-volumes',
  title: `${count} volumes in two pages are all seen, each once`,
  async run(run) {
    const deployment = readDeployment(run);
    const ids: string[] = [];
    await run.step(`create ${count} volumes`, async () => {
      for (let made = 0; made < count; made += atOnce) {
        const some = Array.from({ length: atOnce }, () => createVolume(run, deployment));
        ids.push(...(await Promise.all(some)));
      }
    });
    await run.step('run the cleanup', () => cleanUp(deployment));
    const records = await Promise.all(ids.map((id) => recordOf(deployment, id)));
    run.assertEqual(records.filter((record) => record?.stage === 'unattached').length, count, 'volumes seen');
  },
};
