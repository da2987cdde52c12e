/** A file to upload, and the properties that resizing must keep. */
export interface Photo {
  /** The last part of the key. */
  readonly name: string;
  /** Property that the photo tests, for display. */
  readonly title: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Pixels as displayed: after the EXIF orientation, of one frame. */
  readonly width: number;
  readonly height: number;
  /** As the manifest names it. */
  readonly format: string;
  /** Colors of the test card's corners, upright; the tolerance is per channel. */
  readonly corners?: { readonly colors: Corners; readonly tolerance: number };
  /** The middle is fully transparent. */
  readonly transparentMiddle?: boolean;
  /** Milliseconds that each frame is shown. */
  readonly frameDelays?: readonly number[];
}

export type Color = readonly [red: number, green: number, blue: number];

export interface Corners {
  readonly topLeft: Color;
  readonly topRight: Color;
  readonly bottomRight: Color;
  readonly bottomLeft: Color;
}

/** Text in the metadata of the photos that no variant may contain. */
export const metadataCanary = 'CANARY-8d1f-metadata';
