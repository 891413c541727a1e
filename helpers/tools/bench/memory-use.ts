/** Bytes. `used`: resident memory at its most, less what there was before the recording was held. */
export interface MemoryUse {
  readonly name: string;
  readonly bytes: number;
  readonly used: number;
}
