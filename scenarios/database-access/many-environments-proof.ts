import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import { Deployment, type Answer } from './deployment';
import { day, makeRecords } from './sent-records';
import { watchConnections } from './proxy-connections';

/** Concurrent callers; more than the expected environments, since a caller between two calls occupies none. */
const callers = 60;

export const manyEnvironmentsProof = (invocations: number, environments: number): Check => ({
  name: 'many-environments',
  title: 'answers every invocation of dozens of environments over the few connections of the proxy',
  // Counts connections at the server, which no other check may use meanwhile.
  needs: 'faults',
  alone: true,
  async run(run) {
    const deployment = await Deployment.read(run);
    const records = makeRecords(run, invocations, 20, 'many');
    const assertConnections = await watchConnections(run, environments);
    const started = Date.now();
    const answers = await run.step(`${invocations} invocations, ${callers} at a time`, () =>
      pMap(
        records,
        async (record, index): Promise<Answer<unknown>> => {
          if (index % 4 === 3) return deployment.totals(record.customerId, day.from, day.to);
          return deployment.ingest([record]);
        },
        { concurrency: callers },
      ),
    );
    const seconds = (Date.now() - started) / 1_000;
    const { most } = await assertConnections();

    const failed = answers.flatMap((answer) => ('failure' in answer ? [answer.failure.errorType] : []));
    run.assert(
      failed.length === 0,
      `all ${invocations} are answered`,
      `${failed.length} failed: ${[...new Set(failed)].join(', ')}`,
    );
    run.assert(most > 1, 'the proxy had more than one connection', `${most}`);
    run.metric('invocations', Math.round(invocations / seconds), 'a second');
  },
});
