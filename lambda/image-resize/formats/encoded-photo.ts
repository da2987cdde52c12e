/** Bytes of a photo in the form that sharp decodes correctly, and the corrections to apply to the decoded pixels. */
export interface EncodedPhoto {
  /** The file, or a copy in which a defect that browsers tolerate is repaired. */
  readonly bytes: Uint8Array;
  /** Refuses files that decoders only warn about. @default false */
  readonly strict?: boolean;
  /** Frames at the end of the bytes that are not part of the photo. @default 0 */
  readonly appendedFrames?: number;
  /** Channels to keep of a decoded sRGB pixel, alpha last. @default all */
  readonly channels?: readonly number[];
  /** The decoded colors are still multiplied with alpha. @default false */
  readonly premultiplied?: boolean;
}
