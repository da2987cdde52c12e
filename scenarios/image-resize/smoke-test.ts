import pMap from 'p-map';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { cmykCard } from './color-photos';
import { readDeployment, type Deployment } from './deployment';
import { sourceKey } from './keys';
import type { OutputVariant } from './output-variant';
import type { Photo } from './photo';
import { manifestOf, upload } from './photo-objects';
import { phonePhoto, photograph } from './photographs';
import { orientedCards } from './test-card';
import { animatedPhoto, transparentPhotos } from './transparent-and-animated-photos';
import { checkVariants } from './variant-checks';

export const smokeTest: Check = {
  name: 'smoke-test',
  title: 'photos come out in every size: upright, in their colors, without metadata',
  async run(run) {
    const deployment = await readDeployment(run);
    const photos = await run.step('make the photos', async () => [
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

/** Uploads photos, waits for their manifests and checks every variant. */
export async function resizeAndCheck(
  run: ScenarioRun,
  deployment: Deployment,
  photos: readonly Photo[],
): Promise<void> {
  cleanUpObjects(run, deployment);
  const uploads = await run.step(`upload ${photos.length} photos`, () =>
    pMap(
      photos,
      ({ name, bytes, contentType }) => upload(deployment, sourceKey(deployment, run.runId, name), bytes, contentType),
      { concurrency: 6 },
    ),
  );
  const started = performance.now();
  const manifests = await run.step('wait for their manifests', () =>
    pMap(uploads, (one) => manifestOf(run, deployment, one)),
  );
  run.metric('last manifest after the last upload', Number(((performance.now() - started) / 1000).toFixed(1)), 's');
  await run.step('check every variant', () =>
    pMap(
      photos,
      async (photo) => {
        const manifest = manifests[photos.indexOf(photo)];
        if (manifest === undefined) throw new Error(`no manifest for ${photo.name}`);
        showPictures(run, photo, await checkVariants(run, deployment, photo, manifest));
      },
      { concurrency: 3 },
    ),
  );
}

function showPictures(run: ScenarioRun, photo: Photo, variants: readonly OutputVariant[]): void {
  const caption = (width: number, height: number, bytes: number): string =>
    `${width} x ${height}, ${(bytes / 1024).toFixed(0)} KiB`;
  // Browsers show no TIFF.
  if (photo.format !== 'tiff') {
    const text = caption(photo.width, photo.height, photo.bytes.length);
    run.picture(photo.title, photo.name, photo.bytes, photo.contentType, text);
  }
  for (const { settings, entry, bytes } of variants) {
    // A variant that would need enlarging looks like the next smaller one.
    const repeats =
      settings.watermark === undefined && entry.width === photo.width && settings !== variants[0]?.settings;
    if (!repeats)
      run.picture(
        photo.title,
        settings.name,
        bytes,
        entry.contentType,
        caption(entry.width, entry.height, entry.bytes),
      );
  }
}
