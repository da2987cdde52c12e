/** A file to upload, and what a faithful resize keeps of it. */
export interface Photo {
  /** The last part of the key. */
  readonly name: string;
  /** What is special about it, for people. */
  readonly title: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Pixels as displayed: after the EXIF orientation, of one frame. */
  readonly width: number;
  readonly height: number;
  /** As the manifest must name it. */
  readonly format: string;
  /** The test card's corners, upright, in these colours give or take so much a channel. */
  readonly corners?: { readonly colours: Corners; readonly tolerance: number };
  /** The middle is fully transparent. */
  readonly transparentMiddle?: boolean;
  /** Milliseconds that each frame is shown. */
  readonly frameDelays?: readonly number[];
}

export type Colour = readonly [red: number, green: number, blue: number];

export interface Corners {
  readonly topLeft: Colour;
  readonly topRight: Colour;
  readonly bottomRight: Colour;
  readonly bottomLeft: Colour;
}

/** Text that stands in the metadata of the photos and in none of their variants. */
export const metadataCanary = 'CANARY-8d1f-metadata';
