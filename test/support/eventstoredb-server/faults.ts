/**
 * Where a fault strikes: the plain and the batched append, reads of a stream or of $all, subscriptions, and the other
 * calls.
 */
export type Method = 'append' | 'batchAppend' | 'read' | 'subscribe' | 'delete' | 'tombstone' | 'features' | 'gossip';

export type Fault =
  /** The call is handled, that much later. */
  | Readonly<{ kind: 'delay'; milliseconds: number }>
  /** The connection breaks before anything is done. */
  | Readonly<{ kind: 'drop' }>
  /** Everything is done and the connection breaks instead of an answer. */
  | Readonly<{ kind: 'answer-lost' }>
  /** Everything is done and no answer ever comes. */
  | Readonly<{ kind: 'silence' }>
  /** The server says that another node leads. */
  | Readonly<{ kind: 'not-leader'; host: string; port: number }>
  /** Refused before anything is done, with a gRPC status code (14 = unavailable). */
  | Readonly<{ kind: 'status'; code: number; details: string }>
  /** The stream ends with OK before its first message. */
  | Readonly<{ kind: 'end' }>
  /** Every event is delivered twice. */
  | Readonly<{ kind: 'duplicate' }>;

/** Faults that wait for their call, first come first served; each strikes once. */
export class Faults {
  private readonly waiting = new Map<Method, Fault[]>();
  private readonly counts = new Map<Method, number>();

  add(method: Method, fault: Fault, times = 1): void {
    const queue = this.waiting.get(method) ?? [];
    this.waiting.set(method, [...queue, ...Array.from({ length: times }, () => fault)]);
  }

  clear(): void {
    this.waiting.clear();
  }

  /** Counts a call and takes the fault that strikes it. */
  take(method: Method): Fault | undefined {
    this.counts.set(method, this.calls(method) + 1);
    return this.waiting.get(method)?.shift();
  }

  /** How many calls of a method the server has seen. */
  calls(method: Method): number {
    return this.counts.get(method) ?? 0;
  }
}
