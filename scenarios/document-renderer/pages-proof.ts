import type { Check, ScenarioRun } from '../shared/scenario';
import { Renderer } from './deployment';
import { documentKinds } from './document-kinds';
import { difference, readReference, referenceOf, tolerance } from './page-references';
import { embeddedFonts, picturesOf, textOf } from './read-pdf';

/** Documents of every kind, compared with pictures of their pages, and read as a reader copies them. */
export const pagesProof: Check = {
  name: 'pages',
  title: 'documents of every kind look as their reference pictures, page by page, with text and fonts in them',
  async run(run) {
    const renderer = new Renderer(run);
    await run.step('subscribe to the events', () => renderer.listen());
    const kinds = Object.entries(documentKinds);
    await run.step(`send ${kinds.length} documents`, async () => {
      for (const [kind, { request }] of kinds) await renderer.send({ requestId: `${run.runId}-${kind}`, ...request });
    });
    for (const [kind, { texts, fonts }] of kinds) {
      await run.step(`compare ${kind}`, async () => {
        const pdf = await renderer.read(await renderer.rendered(`${run.runId}-${kind}`));
        await comparePages(run, kind, pdf);
        const text = (await textOf(pdf)).normalize('NFKC');
        run.assertEqual(
          texts.filter((one) => !text.includes(one)),
          [],
          `texts that ${kind} lacks`,
        );
        const embedded = embeddedFonts(pdf).join(' ');
        run.assertEqual(
          fonts.filter((font) => !embedded.includes(font)),
          [],
          `fonts that ${kind} lacks`,
        );
      });
    }
  },
};

async function comparePages(run: ScenarioRun, kind: string, pdf: Buffer): Promise<void> {
  const pages = await picturesOf(pdf, 1);
  for (const [index, page] of pages.entries()) {
    const name = `${kind}-${index + 1}`;
    const actual = await referenceOf(page);
    const reference = readReference(name, actual);
    run.assert(reference !== undefined, `${name} has a reference picture`);
    const share = reference === undefined ? 1 : await difference(reference, actual);
    if (share > tolerance) run.picture('pages', name, actual, 'image/png');
    run.assert(share <= tolerance, `${name} is its reference`, `${(share * 100).toFixed(2)} % of the pixels differ`);
  }
}
