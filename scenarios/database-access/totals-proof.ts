import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import { Deployment, sendWithRetry } from './deployment';
import { day, inBatches, makeRecords, sumsOf } from './sent-records';

const [recordCount, batchSize, customers, concurrency] = [100_000, 1_000, 20, 4];
const noon = '2026-11-21T12:00:00Z';

export const totalsProof: Check = {
  name: 'exact-totals',
  title: 'totals over a hundred thousand records equal an independent sum to the cent',
  async run(run) {
    const deployment = await Deployment.read(run);
    const records = makeRecords(run, recordCount, customers, 'sum');
    const started = Date.now();
    const answers = await run.step(`ingest ${recordCount} records`, () =>
      pMap(inBatches(records, batchSize), (batch) => sendWithRetry(() => deployment.ingest(batch)), { concurrency }),
    );
    const seconds = (Date.now() - started) / 1_000;
    const inserted = answers.reduce((sum, answer) => sum + answer.inserted, 0);
    run.assert(inserted === recordCount, 'every record is inserted', `${inserted}`);

    const ranges = [
      { title: 'the day', from: day.from, to: day.to },
      { title: 'the morning', from: day.from, to: noon },
      { title: 'the afternoon', from: noon, to: day.to },
    ];
    for (const { title, from, to } of ranges) {
      const wrong = await run.step(`sum up ${title} of ${customers} customers`, async () => {
        const ids = [...new Set(records.map((record) => record.customerId))];
        const compared = await pMap(
          ids,
          async (customerId) => {
            const { totals } = await sendWithRetry(() => deployment.totals(customerId, from, to));
            const within = records.filter(
              (one) =>
                one.customerId === customerId &&
                Date.parse(one.occurredAt) >= Date.parse(from) &&
                Date.parse(one.occurredAt) < Date.parse(to),
            );
            return JSON.stringify(totals) === JSON.stringify(sumsOf(within)) ? [] : [customerId];
          },
          { concurrency },
        );
        return compared.flat();
      });
      run.assert(wrong.length === 0, `every total of ${title} is exact`, wrong.join());
    }
    run.metric('records ingested', Math.round(recordCount / seconds), 'a second');
  },
};
