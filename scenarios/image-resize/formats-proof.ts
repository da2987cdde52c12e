import type { Check } from '../shared/scenario';
import { colorCards } from './color-photos';
import { readDeployment } from './deployment';
import { metadataCanary, type Photo } from './photo';
import { animatedPhoto } from './transparent-and-animated-photos';
import { resizeAndCheck } from './smoke-test';

export const formatsProof: Check = {
  name: 'formats',
  title: 'wide-gamut, 16-bit, gray, palette, interlaced, AVIF and TIFF photos keep their colors',
  async run(run) {
    const deployment = await readDeployment(run);
    const photos = await run.step('make the photos', async () => {
      const cards = await colorCards();
      return [...cards, await animatedPhoto('webp'), ...cards.slice(0, 2).map(disguised), withTrailingBytes(cards)];
    });
    await resizeAndCheck(run, deployment, photos);
  },
};

/** The same photo under the name and type of another format. */
function disguised(photo: Photo): Photo {
  const name = `${photo.name}.gif`;
  return { ...photo, name, title: `${photo.title} named .gif`, contentType: 'image/gif' };
}

/** A photo that is also a valid file for readers that start at the end; the trailing bytes must not be in any output. */
function withTrailingBytes(cards: readonly Photo[]): Photo {
  const card = cards.find(({ format }) => format === 'png');
  if (card === undefined) throw new Error('no PNG among the cards: trailing bytes need one');
  const trailing = Buffer.from(`PK\u0003\u0004<script>${metadataCanary}</script>`, 'latin1');
  return {
    ...card,
    name: 'polyglot.png',
    title: 'PNG with trailing bytes',
    bytes: Buffer.concat([card.bytes, trailing]),
  };
}
