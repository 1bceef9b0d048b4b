import type { Position } from '../../application/ports/event-log.js';

/** How far a fold over the log has come. */
export type Progress = Readonly<{
  /** Name of the read model. */
  model: string;
  /** Events applied. */
  events: number;
  /** Events per second so far. */
  rate: number;
  /** From 0 to 1, as far as positions tell; on engines whose positions count bytes it is an estimate. */
  done: number;
  /** Seconds to go; undefined before there is anything to judge from. */
  etaSeconds: number | undefined;
}>;

export type Report = (progress: Progress) => void;

/** Engine part of a position, for estimates only. */
export const distance = (position: Position | undefined): number =>
  position === undefined ? 0 : Number(position.slice(position.lastIndexOf('.') + 1)) || 0;

export function progressOf(
  model: string,
  events: number,
  seconds: number,
  position: Position | undefined,
  limit: Position,
): Progress {
  const whole = distance(limit);
  const done = whole === 0 ? 1 : Math.min(1, distance(position) / whole);
  const rate = seconds > 0 ? Math.round(events / seconds) : 0;
  return { model, events, rate, done, etaSeconds: done > 0 ? (seconds * (1 - done)) / done : undefined };
}
