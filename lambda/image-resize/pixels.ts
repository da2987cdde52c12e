/** Decoded pixels, 8 bits a channel. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Returns the pixels with these channels alone, in this order; in the same memory. */
export function selectChannels({ data, width, height, channels }: Pixels, selected: readonly number[]): Pixels {
  const count = width * height;
  const kept = selected.length;
  // Writing never overtakes reading, as a pixel does not get longer.
  for (let pixel = 0; pixel < count; pixel++) {
    for (let index = 0; index < kept; index++) {
      data[pixel * kept + index] = data[pixel * channels + (selected[index] ?? 0)] ?? 0;
    }
  }
  return { data: data.subarray(0, count * kept), width, height, channels: kept };
}

/** Divides the colors by alpha, the last channel, in place. */
export function unpremultiply({ data, channels }: Pixels): void {
  const alpha = channels - 1;
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    const opacity = data[pixel + alpha] ?? 0;
    if (opacity === 0 || opacity === 255) continue;
    for (let index = pixel; index < pixel + alpha; index++) {
      data[index] = Math.min(255, Math.round(((data[index] ?? 0) * 255) / opacity));
    }
  }
}
