import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import { Deployment, sendWithRetry, type Answer, type SentRecord } from './deployment';
import { day, makeRecords } from './sent-records';
import { watchConnections } from './proxy-connections';

/** Concurrent callers; more than the expected environments, since a caller between two calls occupies none. */
const callers = 60;
/** Share of calls that may be repeated: on a slow machine the first ones of an environment run out of time. */
const mostRepeated = 0.1;

export const manyEnvironmentsProof = (invocations: number): Check => ({
  name: 'many-environments',
  title: 'answers every invocation of dozens of environments over the few connections of the proxy',
  // Counts connections at the server, which no other check may use meanwhile.
  needs: 'faults',
  alone: true,
  async run(run) {
    const deployment = await Deployment.read(run);
    const records = makeRecords(run, invocations, 20, 'many');
    const assertConnections = await watchConnections(run);
    const started = Date.now();
    let repeated = 0;
    const send = async (record: SentRecord, index: number): Promise<Answer<unknown>> => {
      const answer =
        index % 4 === 3
          ? await deployment.totals(record.customerId, day.from, day.to)
          : await deployment.ingest([record]);
      if ('failure' in answer) repeated += 1;
      return answer;
    };
    await run.step(`${invocations} invocations, ${callers} at a time`, () =>
      pMap(records, (record, index) => sendWithRetry(() => send(record, index)), { concurrency: callers }),
    );
    const seconds = (Date.now() - started) / 1_000;
    const { most } = await assertConnections();

    run.assert(repeated <= mostRepeated * invocations, `all ${invocations} are answered`, `${repeated} were repeated`);
    run.metric('calls that were repeated', repeated);
    run.assert(most > 1, 'the proxy had more than one connection', `${most}`);
    run.metric('invocations', Math.round(invocations / seconds), 'a second');
  },
});
