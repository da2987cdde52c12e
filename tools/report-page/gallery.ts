import type { CheckReport, PictureReport } from '../scenario-runner/scenario-report';
import type { Pictures, LoadedPicture } from './pictures';
import { plural, size } from './format';
import { markup, type Markup } from './markup';
import type { PictureHeader } from './picture-header';

/** Groups of pictures that are shown at once; the others are folded. */
const shownGroups = 2;

/** Pictures of a check by group: the first of a group is the original, as stored, beside the results. */
export function gallery({ pictures }: CheckReport, loaded: Pictures): Markup | undefined {
  if (pictures.length === 0) return undefined;
  const groups = new Map<string, PictureReport[]>();
  for (const picture of pictures) groups.set(picture.group, [...(groups.get(picture.group) ?? []), picture]);
  const rows = [...groups].map(
    ([group, members]) => markup`<section class="group">
<h6>${group}</h6>
<div class="pictures">
${members.map((picture, index) => figure(picture, loaded.get(picture.file), index === 0 && members.length > 1))}</div>
</section>
`,
  );
  const leftOut = pictures.filter(({ file }) => !isShown(loaded.get(file))).length;
  const shown = pictures.length - leftOut;
  return markup`<section class="gallery"><h5>Pictures</h5>
<p class="note">${plural(shown, 'picture')}${leftOut > 0 && `, ${leftOut} more left out for the reasons below`}. The first of a group is the original as stored, without its EXIF orientation. Select a picture to enlarge it.</p>
${rows.slice(0, shownGroups)}${rows.length > shownGroups && markup`<details class="more"><summary>${plural(rows.length - shownGroups, 'more group')}</summary>${rows.slice(shownGroups)}</details>`}</section>`;
}

function isShown(picture: LoadedPicture | undefined): boolean {
  return picture !== undefined && 'source' in picture;
}

function figure(picture: PictureReport, found: LoadedPicture | undefined, isOriginal: boolean): Markup {
  const { title, caption } = picture;
  const entry = found ?? { leftOut: 'it was not read', bytes: undefined };
  return markup`<figure${isOriginal && markup` class="original"`}>
${'source' in entry ? shown(picture, entry) : markup`<p class="left-out"><span>Not shown: ${entry.leftOut}.</span> <code>${picture.file}</code></p>`}
<figcaption><strong>${title}</strong> <span>${facts(entry, caption)}</span></figcaption>
</figure>
`;
}

/** With reduced motion an animated picture stays hidden until it is selected: a hidden image does not move. */
function shown({ group, title }: PictureReport, entry: Extract<LoadedPicture, { source: string }>): Markup {
  const { width, height, animated } = entry.header;
  return markup`${animated && markup`<details class="motion"><summary>Play the animation<span class="hidden"> ${title}</span></summary></details>`}
<details class="picture"><summary><img src="${entry.source}" alt="${group}: ${title}" width="${width}" height="${height}" decoding="sync"></summary></details>`;
}

/** Caption, pixels as displayed, bytes and format; pixels and bytes only where the caption lacks them. */
function facts(entry: LoadedPicture, caption: string | undefined): string {
  const facts = caption === undefined ? [] : [caption];
  const bytes = entry.bytes === undefined ? [] : [size(entry.bytes)];
  if ('leftOut' in entry) return [...facts, ...bytes].join(' · ');
  const { width, height, contentType, animated } = entry.header;
  const hasSize = caption?.replaceAll('×', 'x').includes(`${width} x ${height}`) ?? false;
  if (!hasSize) facts.push(`${width} × ${height}`, ...bytes);
  return [...facts, formatNames[contentType], ...(animated ? ['animated'] : [])].join(' · ');
}

const formatNames: Readonly<Record<PictureHeader['contentType'], string>> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/webp': 'WebP',
  'image/avif': 'AVIF',
  'image/gif': 'GIF',
};
