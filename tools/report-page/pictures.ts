import type { PictureReport, ScenarioReport } from '../scenario-runner/scenario-report';
import { size } from './format';
import { readPictureHeader, type PictureHeader } from './picture-header';

/** A picture as the page holds it: embedded, or left out for a reason; `bytes` is undefined where none could be read. */
export type LoadedPicture =
  | { readonly source: string; readonly header: PictureHeader; readonly bytes: number }
  | { readonly leftOut: string; readonly bytes: number | undefined };

/** Every picture of the report by its file. */
export type Pictures = ReadonlyMap<string, LoadedPicture>;

/** More than this makes a page that browsers open slowly; base64 adds a third to it. */
export const defaultMaximumPictureBytes = 24_000_000;

/** A browser takes four bytes of memory a pixel, whatever the file's size. */
const maximumPixels = 50_000_000;

/** What a page may embed; an SVG is a document that can hold links and scripts. */
const embeddable: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif']);

interface Candidate {
  readonly content: Buffer;
  readonly header: PictureHeader;
}

/** Reads the pictures and embeds as many as the total allows, the smallest first, so that one cannot push out many. */
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
        ? { leftOut: `the pictures of a page may take ${size(maximumBytes)}, and smaller ones went first`, bytes }
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
    return { leftOut: `a page does not show ${contentType || 'nameless types'}`, bytes };
  const header = readPictureHeader(content);
  if (header === undefined) return { leftOut: `its bytes are no picture of type ${contentType}`, bytes };
  if (header.contentType !== contentType) {
    return { leftOut: `its bytes are ${header.contentType}, not ${contentType}`, bytes };
  }
  if (header.width * header.height > maximumPixels) {
    return { leftOut: `${header.width} × ${header.height} pixels take more memory than a page should`, bytes };
  }
  return { content, header };
}
