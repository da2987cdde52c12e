/** Measured run of one file. */
export interface Sample {
  /** `split` and `load` (with the transformation) are the cores of the functions; `whole file` is the peer. */
  readonly who: 'split' | 'load' | 'whole file';
  readonly rows: number;
  /** Time of one answer, in milliseconds. */
  readonly answer: number;
  readonly seconds: number;
  /** Largest memory of the process. */
  readonly megabytes: number;
  /** Most memory in use after a forced collection; 0 where none is forced. */
  readonly liveMegabytes: number;
  readonly parts: number;
  readonly fileMegabytes: number;
}
