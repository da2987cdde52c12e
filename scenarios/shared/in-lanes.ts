/** Acts on every item, so many at a time, and gives the results in the items' order; the first error ends the lanes. */
export async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.map((item, index) => ({ item, index }));
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next.index] = await act(next.item, next.index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
