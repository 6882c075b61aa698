/** Producer ids that were given to brokers. */
export interface ProducerIdsImage {
  /** The first one that nobody has. */
  readonly next: number;
}
