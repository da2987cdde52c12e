import type { Check } from '../shared/scenario';
import { readDeployment } from './deployment';
import { upload, waitForReport } from './files';
import { csv, product } from './rows';

export const archivedProof: Check = {
  name: 'archived',
  title: 'an archived file is quarantined with what to do, and nothing of it is loaded',
  // S3 answers 403 to a read of an archived version, as it does to one that is not allowed.
  expectedErrors: ['AccessDenied'],
  async run(run) {
    const deployment = readDeployment(run);
    const file = await upload(run, deployment, 'cold.csv', csv([product(run, 1)]), { StorageClass: 'GLACIER' });
    const {
      status,
      reason = '',
      rows,
    } = await run.step('wait for its report', () => waitForReport(run, deployment, file));
    run.assert(reason.includes('restore this version, then replay it'), 'the reason says what to do', reason);
    run.assertEqual({ status, rows }, { status: 'quarantined', rows: 0 }, 'nothing of it is loaded');
  },
};
