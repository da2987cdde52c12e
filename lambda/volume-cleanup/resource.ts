export type Tags = Readonly<Record<string, string>>;

/** Resource of any kind, as far as all kinds are alike. */
export interface Resource {
  readonly id: string;
  readonly tags: Tags;
}
