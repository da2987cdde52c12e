import { inLanes } from '../shared/in-lanes';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { cmykCard } from './colour-photos';
import { readDeployment, type Deployment } from './deployment';
import { sourceKey } from './keys';
import type { MadeVariant } from './made-variant';
import type { Photo } from './photo';
import { manifestOf, upload } from './photo-objects';
import { phonePhoto, photograph } from './photographs';
import { orientedCards } from './test-card';
import { animatedPhoto, transparentPhotos } from './transparent-and-animated-photos';
import { checkVariants } from './variant-checks';

export const smokeTest: Check = {
  name: 'smoke-test',
  title: 'photos come out in every size: upright, in their colours, without metadata',
  async run(run) {
    const deployment = await readDeployment(run);
    const photos = await run.step('gather the photos', async () => [
      await photograph('chelsea', 'a cat'),
      await photograph('hubble-deep-field', 'the Hubble eXtreme Deep Field'),
      await phonePhoto(),
      ...(await orientedCards()),
      await cmykCard(),
      ...(await transparentPhotos()),
      await animatedPhoto('gif'),
    ]);
    await resizeAndCheck(run, deployment, photos);
  },
};

/** Uploads photos all at once, waits for their variants and holds each to its promises. */
export async function resizeAndCheck(
  run: ScenarioRun,
  deployment: Deployment,
  photos: readonly Photo[],
): Promise<void> {
  cleanUpObjects(run, deployment);
  const uploads = await run.step(`upload ${photos.length} photos`, () =>
    inLanes(photos, 6, ({ name, bytes, contentType }) =>
      upload(deployment, sourceKey(deployment, run.runId, name), bytes, contentType),
    ),
  );
  const started = performance.now();
  const manifests = await run.step('wait for their manifests', () =>
    inLanes(uploads, uploads.length, (one) => manifestOf(run, deployment, one)),
  );
  run.metric('last manifest after the last upload', Number(((performance.now() - started) / 1000).toFixed(1)), 's');
  await run.step('check every variant', () =>
    inLanes(photos, 3, async (photo) => {
      const manifest = manifests[photos.indexOf(photo)];
      if (manifest === undefined) throw new Error(`no manifest was awaited for ${photo.name}`);
      show(run, photo, await checkVariants(run, deployment, photo, manifest));
    }),
  );
}

function show(run: ScenarioRun, photo: Photo, made: readonly MadeVariant[]): void {
  const caption = (width: number, height: number, bytes: number): string =>
    `${width} x ${height}, ${(bytes / 1024).toFixed(0)} KiB`;
  // Browsers show no TIFF.
  if (photo.format !== 'tiff') {
    const text = caption(photo.width, photo.height, photo.bytes.length);
    run.picture(photo.title, photo.name, photo.bytes, photo.contentType, text);
  }
  for (const { asked, written, bytes } of made) {
    // One that could not be enlarged looks like the next smaller one.
    const repeats = asked.watermark === undefined && written.width === photo.width && asked !== made[0]?.asked;
    if (!repeats)
      run.picture(
        photo.title,
        asked.name,
        bytes,
        written.contentType,
        caption(written.width, written.height, written.bytes),
      );
  }
}
