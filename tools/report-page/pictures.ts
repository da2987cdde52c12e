import type { PictureReport, ScenarioReport } from '../scenario-runner/scenario-report';
import { size } from './format';
import { readPictureHeader, type PictureHeader } from './picture-header';

/** Embedded picture, or the reason why it is left out; `bytes` is undefined where it could not be read. */
export type LoadedPicture =
  | { readonly source: string; readonly header: PictureHeader; readonly bytes: number }
  | { readonly leftOut: string; readonly bytes: number | undefined };

/** Pictures of the report by file. */
export type Pictures = ReadonlyMap<string, LoadedPicture>;

/** Keeps the page below 3 MB: base64 adds a third. */
export const defaultMaximumPictureBytes = 2_000_000;

/** Limits the browser's memory: four bytes a pixel, whatever the size of the file. */
const maximumPixels = 50_000_000;

/** Types that the page may embed; an SVG can contain links and scripts. */
const embeddable: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif']);

interface Candidate {
  readonly content: Buffer;
  readonly header: PictureHeader;
}

/** Reads the pictures and embeds as many as the total allows, the smallest first, so that one cannot displace many. */
export function loadPictures(
  scenarios: ScenarioReport | undefined,
  readPicture: (file: string) => Buffer,
  maximumBytes: number,
): Pictures {
  const loaded = new Map<string, LoadedPicture>();
  const candidates = new Map<string, Candidate>();
  for (const picture of (scenarios?.checks ?? []).flatMap(({ pictures }) => pictures)) {
    const examined = examine(picture, readPicture);
    if ('leftOut' in examined) loaded.set(picture.file, examined);
    else candidates.set(picture.file, examined);
  }
  let total = 0;
  const bySize = [...candidates].sort(([, one], [, other]) => one.content.length - other.content.length);
  for (const [file, { content, header }] of bySize) {
    const bytes = content.length;
    total += bytes;
    loaded.set(
      file,
      total > maximumBytes
        ? { leftOut: `the page embeds up to ${size(maximumBytes)} of pictures, the smallest first`, bytes }
        : { source: `data:${header.contentType};base64,${content.toString('base64')}`, header, bytes },
    );
  }
  return loaded;
}

function examine(
  { file, contentType }: PictureReport,
  readPicture: (file: string) => Buffer,
): Candidate | Extract<LoadedPicture, { leftOut: string }> {
  let content: Buffer;
  try {
    content = readPicture(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { leftOut: `its file cannot be read: ${reason}`, bytes: undefined };
  }
  const bytes = content.length;
  if (!embeddable.has(contentType))
    return { leftOut: `the page does not embed ${contentType || 'pictures without a type'}`, bytes };
  const header = readPictureHeader(content);
  if (header === undefined) return { leftOut: `it is not a picture of type ${contentType}`, bytes };
  if (header.contentType !== contentType) {
    return { leftOut: `it is ${header.contentType}, not ${contentType}`, bytes };
  }
  if (header.width * header.height > maximumPixels) {
    return { leftOut: `${header.width} × ${header.height} pixels would use too much memory`, bytes };
  }
  return { content, header };
}
