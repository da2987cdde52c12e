import { killAlong } from '../shared/faults/kills';
import type { Check } from '../shared/scenario';
import { Renderer } from './deployment';
import { invoice } from './documents';

/** Functions that are killed at any moment: while they unpack or start the browser, render, store or publish. */
export const killsProof = killsOf(12, {
  name: 'kills',
  title: 'functions that are killed with their browsers lose no document, and store each once',
});

/** The same with a browser of a mounted bucket, which a cold start copies: no file of a local run's mount is executable. */
export const mountedBrowserProof = killsOf(4, {
  name: 'mounted-browser',
  title: 'functions that mount the browser lose no document, also where they are killed while they copy it',
});

function killsOf(kills: number, names: Pick<Check, 'name' | 'title'>): Check {
  return {
    ...names,
    needs: 'faults',
    alone: true,
    async run(run) {
      const renderer = new Renderer(run);
      await run.step('subscribe to the events', () => renderer.listen());
      // Six timeouts of the function otherwise, which is what a killed attempt waits for.
      await renderer.hideMessagesFor(20);
      const ids: string[] = [];
      const send = async (): Promise<void> => {
        const requestId = `${run.runId}-${ids.length}`;
        ids.push(requestId);
        const data = invoice(requestId, 5);
        await renderer.send({ requestId, template: 'invoice', version: 1, data });
        await renderer.send({ requestId, template: 'invoice', version: 1, data });
      };
      // About a cold start, so that kills hit each phase of the work; a machine that is faster needs more documents for as many.
      const killed = await run.step(`kill ${kills} functions`, () =>
        killAlong(run, run.output('RenderDocumentFunctionName'), { kills, longestPause: 1_000 }, async () => {
          if (ids.length < kills * 10) await send();
        }),
      );
      run.metric('functions killed', killed);
      run.metric('documents', ids.length);
      let versions = 0;
      await run.step('wait for the documents', async () => {
        for (const requestId of ids) {
          const document = await renderer.rendered(requestId);
          versions += await renderer.versionsOf(document);
          run.assertEqual(
            (await renderer.read(document)).subarray(0, 5).toString(),
            '%PDF-',
            `document of ${requestId}`,
          );
        }
      });
      run.assertEqual(versions, ids.length, 'versions of all documents');
      run.assertEqual(await renderer.failures(run.runId), 0, 'requests that failed for good');
    },
  };
}
