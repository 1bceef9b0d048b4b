import { LRUCache } from 'lru-cache';
import type { KeyState } from './keyring.js';

/**
 * No unwrapped key is trusted for longer: the bound on how late another instance notices a destruction that no
 * announcement told.
 */
export const longestTtl = 30_000;
const mostKeys = 20_000;

/** Unwrapped keys, for a short time. */
export class KeyCache<State extends object | string = KeyState> {
  private readonly states: LRUCache<string, State>;
  private forgotten = 0;

  /** `time` is a monotonic clock in milliseconds. */
  constructor(ttl: number = longestTtl, max: number = mostKeys, time: { now(): number } = performance) {
    this.states = new LRUCache({ max, ttl: Math.min(ttl, longestTtl), ttlResolution: 0, perf: time });
  }

  get(name: string): State | undefined {
    return this.states.get(name);
  }

  /** Taken before a query; what that query loads is not kept when a key was forgotten while it ran. */
  ticket(): number {
    return this.forgotten;
  }

  put(ticket: number, name: string, state: State): void {
    if (ticket === this.forgotten) this.states.set(name, state);
  }

  forget(name: string): void {
    this.forgotten++;
    this.states.delete(name);
  }

  /** Forgets every name that begins with `prefix`. */
  forgetAll(prefix = ''): void {
    this.forgotten++;
    for (const name of [...this.states.keys()]) if (name.startsWith(prefix)) this.states.delete(name);
  }
}
