/** Days that records of runs are kept after their end. */
const keptDays = 365;

export const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

/** Time at which a record of now expires, in seconds since 1970. */
export const expiryOf = (at: Date): number => seconds(at) + keptDays * 86_400;
